import { connect } from 'node:net';

const now = (): number => performance.timeOrigin + performance.now();

/** One buffer for all connections: what is read is looked at before the next read. */
const received = Buffer.alloc(65_536);

export interface SseClient {
  /** The snapshot has come: from here on events come by themselves. Rejects when the stream is refused, or ends before. */
  readonly opened: Promise<void>;
  /** The stream has ended. Rejects when it broke the promise to bring every event once and in order, too. */
  readonly ended: Promise<void>;
}

/**
 * Reads the stream of one task on a bare socket, with no more of HTTP than it takes for this server.
 * @param onTick hears of each tick that comes in its place, with the milliseconds that it took.
 */
export function readStream(port: number, path: string, token: string, onTick: (ms: number) => void): SseClient {
  const blocks = new Blocks();
  // Past Node's streams: the clients share two cores with the api, and must not be what is measured.
  const callback = (length: number): boolean => {
    blocks.read(received.toString('latin1', 0, length), take);
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer: received, callback } });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  // Whoever waits for the opening only hears of it there.
  ended.promise.catch(() => undefined);
  let failed = false;
  const fail = (why: string) => {
    failed = true;
    const error = new Error(`GET ${path}: ${why}`);
    opened.reject(error);
    ended.reject(error);
    socket.destroy();
  };
  let seq: number | null = null;
  const take = (block: string): void => {
    if (failed) return;
    if (block.startsWith('HTTP/')) {
      if (!block.startsWith('HTTP/1.1 200 ')) fail(block.slice(0, 80));
    } else if (block.includes('data: ')) {
      const id = idOf(block);
      // Numbers have no gaps: a sum over all clients would not tell a lost event from one that came twice elsewhere.
      if (seq !== null && id !== seq + 1) return fail(`event ${id} came behind event ${seq}`);
      if (seq !== null && block.includes('"type":"log"')) onTick(now() - timeOf(block));
      seq = id;
      opened.resolve();
    }
  };
  socket.on('error', ({ message }) => fail(message));
  socket.on('close', () => {
    if (seq === null) fail('the stream has ended before its snapshot');
    ended.resolve();
  });
  return { opened: opened.promise, ended: ended.promise };
}

/** What stands between blank lines; lengths of HTTP chunks may stand in front of it. */
class Blocks {
  private rest = '';

  read(text: string, onBlock: (block: string) => void): void {
    const all = this.rest + text;
    let from = 0;
    for (let end = endOfBlock(all, from); end !== -1; end = endOfBlock(all, from)) {
      onBlock(all.slice(from, end));
      from = all.indexOf('\n', end + 1) + 1;
    }
    this.rest = all.slice(from);
  }
}

/** Where the line break stands that is followed by a blank line. */
function endOfBlock(text: string, from: number): number {
  for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (text[at + 1] === '\n' || (text[at + 1] === '\r' && text[at + 2] === '\n')) return at;
  }
  return -1;
}

function idOf(block: string): number {
  return Number.parseInt(block.slice(block.indexOf('id: ') + 4), 10);
}

function timeOf(block: string): number {
  const at = block.lastIndexOf('"timestamp":"') + 13;
  return Date.parse(block.slice(at, block.indexOf('"', at)));
}
