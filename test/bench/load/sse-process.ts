// Thousands of SSE clients in one process: bare sockets, and no more of HTTP than it takes to read the streams of this server.
import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { obey, tell } from '../stage/told.js';
import type { SseLoad, SseResult } from './sse-load.js';

/** Connections that are being opened at once. */
const opening = 64;
const now = (): number => performance.timeOrigin + performance.now();

obey({
  open: async ({ load }: { load: SseLoad }) => {
    const latency = createHistogram();
    const streams: Promise<void>[] = [];
    let next = 0;
    const openSome = async () => {
      while (next < load.clients) {
        const { path, token } = load.streams[next % load.streams.length];
        next += 1;
        const { opened, ended } = open(load.port, path, token, (ms) =>
          latency.record(Math.max(1, Math.round(ms * 1000))),
        );
        streams.push(ended);
        // Whoever waits for the ends hears of it later.
        ended.catch(() => undefined);
        await opened;
      }
    };
    await Promise.all(Array.from({ length: opening }, openSome));
    tell({ event: 'opened' });
    await Promise.all(streams);
    const ms = (microseconds: number) => microseconds / 1000;
    const result: SseResult = {
      ticks: latency.count,
      p50: ms(latency.percentile(50)),
      p99: ms(latency.percentile(99)),
      max: ms(latency.max),
    };
    tell({ event: 'ended', result });
  },
});

/** One buffer for all connections: what is read is looked at before the next read. */
const received = Buffer.alloc(65_536);

/** @param onTick hears of each tick with the milliseconds that it took. */
function open(port: number, path: string, token: string, onTick: (ms: number) => void) {
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
  const fail = (error: Error) => {
    opened.reject(error);
    ended.reject(error);
  };
  const take = (block: string): void => {
    if (block.includes('"type":"log"')) onTick(now() - timeOf(block));
    // The snapshot: from here on events come by themselves.
    else if (block.includes('"type":"snapshot"')) opened.resolve();
    else if (block.startsWith('HTTP/') && !block.startsWith('HTTP/1.1 200 ')) {
      fail(new Error(`GET ${path}: ${block.slice(0, 80)}`));
    }
  };
  socket.on('error', fail);
  socket.on('close', () => ended.resolve());
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

function timeOf(block: string): number {
  const at = block.lastIndexOf('"timestamp":"') + 13;
  return Date.parse(block.slice(at, block.indexOf('"', at)));
}
