import type { FastifyReply } from 'fastify';

/** Buffered bytes from which a client counts as slow. */
const slowBytes = 1_048_576;
/** Buffered bytes at which a client is dropped at once. */
const dropBytes = 16 * slowBytes;
/** Milliseconds that EventSource waits before it reconnects. */
const retryMs = 2_000;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** One message as it goes out, made once for all who get it. */
export interface Frame {
  readonly text: Buffer;
  /** The same as a chunk of HTTP/1.1 (RFC 9112, 7.1). */
  readonly chunk: Buffer;
}

/** One message. JSON has no raw newline, so one data line holds it. */
export function frameOf(id: string | number | null, data: object): Frame {
  return frameOfText(`${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}

function frameOfText(message: string): Frame {
  const text = Buffer.from(message);
  const chunk = Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n')]);
  return { text, chunk };
}

const open = frameOfText(': open\n\n');
export const ping = frameOfText(': ping\n\n');

/** One open event stream on a socket of its own. */
export class SseConnection {
  private readonly closing: (() => void)[] = [];
  private slowSince: number | null = null;
  private open = true;

  private constructor(
    private readonly reply: FastifyReply,
    /** Nothing is sent in the caller's name after this moment. */
    readonly expiresAt: Date,
  ) {
    reply.raw.once('close', () => this.closed());
    reply.raw.on('error', () => this.drop());
  }

  /** Takes the socket over and sends the headers; from here on no problem document can be sent any more. */
  static begin(reply: FastifyReply, expiresAt: Date): SseConnection {
    const { raw } = reply;
    // Fastify does not end this answer: what hooks and guards have set is carried over by hand.
    const headers = { ...reply.getHeaders(), ...streamHeaders } as Record<string, string | number | string[]>;
    reply.hijack();
    const connection = new SseConnection(reply, expiresAt);
    // The client may have left while its task was looked up: no close event will come any more.
    if (raw.destroyed) connection.closed();
    raw.writeHead(200, headers);
    raw.flushHeaders();
    connection.send(open);
    return connection;
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Called once, when the stream has ended, whoever ended it. */
  onClose(listener: () => void): void {
    if (this.open) this.closing.push(listener);
    else listener();
  }

  /** To the socket itself, as it is: thousands of clients may get the same frame, and Node would encode it for each. */
  send(frame: Frame): void {
    if (!this.open) return;
    const { raw } = this.reply;
    // No socket: the answer to an earlier request is still being written to it.
    if (raw.socket === null) raw.write(frame.text);
    else raw.socket.write(raw.chunkedEncoding ? frame.chunk : frame.text);
    if (raw.writableLength > dropBytes) this.drop();
  }

  /** Drops a client that has been slow for two looks in a row. */
  checkPace(now: number, patienceMs: number): void {
    if (this.reply.raw.writableLength <= slowBytes) this.slowSince = null;
    else if (this.slowSince === null) this.slowSince = now;
    else if (now - this.slowSince >= patienceMs) this.drop();
  }

  end(): void {
    if (this.open) this.reply.raw.end();
    this.closed();
  }

  /** Ends for a restart: clients come back spread over a while, not all at once. */
  endForShutdown(): void {
    this.send(frameOfText(`retry: ${retryMs + Math.floor(Math.random() * retryMs)}\n\n`));
    this.end();
  }

  private drop(): void {
    this.reply.raw.destroy();
    this.closed();
  }

  private closed(): void {
    if (!this.open) return;
    this.open = false;
    for (const listener of this.closing.splice(0)) listener();
  }
}
