import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { takeSocket } from '../http/take-socket.js';
import { ending, frameOfText, opening, ping, type Frame } from './sse-frame.js';

/** Buffered bytes from which a client counts as slow. */
const slowBytes = 1_048_576;
/** Buffered bytes at which a client is dropped at once. */
const dropBytes = 16 * slowBytes;
/** Milliseconds that a client may be slow. */
const slowPatienceMs = 2_000;
/** Milliseconds that the last messages have to go out, once a stream has ended. */
const endingPatienceMs = 10_000;
/** Milliseconds from one ping to the next. */
const pingMs = 15_000;
/** Milliseconds that EventSource waits before it reconnects. */
const retryMs = 2_000;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
};

/** One open event stream. There may be thousands: it holds on to its socket, and to nothing of the request. */
export class SseConnection {
  private whenClosed: (() => void) | null = null;
  private slowSince: number | null = null;
  private pingAt = Date.now() + pingMs;
  private open = true;
  /** When the socket is destroyed, whatever has not gone out by then. */
  private endsBy = Infinity;

  private constructor(
    private readonly socket: Socket,
    private readonly chunked: boolean,
    /** Who watches. */
    readonly subject: string,
    /** Nothing is sent in the caller's name after this moment. */
    private readonly expiresAt: Date,
    private readonly forget: (connection: SseConnection) => void,
  ) {
    const leave = () => this.leave();
    socket.on('close', () => this.closed());
    socket.on('error', ignore);
    socket.on('end', leave);
    // Nothing may come any more; and only who reads hears that the client has left.
    socket.on('data', leave);
  }

  /**
   * Takes the socket over and sends the headers; from here on no problem document can be sent any more.
   * @param forget called once, when the socket has closed: later than the end of a stream whose client does not read.
   * @returns null when the client has left.
   */
  static async begin(
    reply: FastifyReply,
    { subject, expiresAt }: Principal,
    forget: (connection: SseConnection) => void,
  ): Promise<SseConnection | null> {
    const { raw } = reply;
    // Fastify does not end this answer: what hooks and guards have set is carried over by hand.
    const headers = { ...reply.getHeaders(), ...streamHeaders } as Record<string, string | number | string[]>;
    reply.hijack();
    const socket = await takeSocket(reply.request.raw, raw, () => {
      // Head and first messages go out together.
      raw.socket?.cork();
      raw.writeHead(200, headers);
      raw.flushHeaders();
    });
    if (socket === null) return null;
    process.nextTick(uncork, socket);
    const connection = new SseConnection(socket, raw.chunkedEncoding, subject, expiresAt, forget);
    connection.send(opening);
    return connection;
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** @param listener called once, when the stream has ended, whoever ended it. There is one a stream. */
  onClose(listener: () => void): void {
    if (this.open) this.whenClosed = listener;
    else listener();
  }

  /** As it is: thousands of clients may get the same frame. */
  send(frame: Frame): void {
    if (!this.open) return;
    this.socket.write(this.chunked ? frame.chunk : frame.text);
    if (this.socket.writableLength > dropBytes) this.drop();
  }

  /**
   * Ends the stream at expiry, pings, and drops a client that has been slow for too long; to be called every second until
   * the socket has closed.
   */
  look(now: number): void {
    if (!this.open) {
      if (this.endsBy <= now) this.socket.destroy();
      return;
    }
    if (this.expiresAt.getTime() <= now) {
      this.end();
      return;
    }
    if (this.pingAt <= now) {
      this.send(ping);
      this.pingAt = now + pingMs;
    }
    if (this.socket.writableLength <= slowBytes) this.slowSince = null;
    else if (this.slowSince === null) this.slowSince = now;
    else if (now - this.slowSince >= slowPatienceMs) this.drop();
  }

  /** No more is sent. The socket closes when the client has read all, or has had its time to. */
  end(): void {
    this.send(ending);
    this.leave();
  }

  /** Ends for a restart: clients come back spread over a while, not all at once. */
  endForShutdown(): void {
    this.send(frameOfText(`retry: ${retryMs + Math.floor(Math.random() * retryMs)}\n\n`));
    this.end();
    this.endsBy = Math.min(this.endsBy, Date.now() + slowPatienceMs);
  }

  private leave(): void {
    if (!this.open) return;
    this.endsBy = Date.now() + endingPatienceMs;
    this.socket.destroySoon();
    this.over();
  }

  private drop(): void {
    this.socket.destroy();
    this.over();
  }

  private over(): void {
    if (!this.open) return;
    this.open = false;
    this.whenClosed?.();
    this.whenClosed = null;
  }

  private closed(): void {
    this.over();
    this.forget(this);
  }
}

/** What is wrong with a connection ends it by itself. */
function ignore(): void {}

function uncork(socket: Socket): void {
  socket.uncork();
}
