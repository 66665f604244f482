import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';
import { SseConnection } from './sse-connection.js';

const lookMs = 1_000;
/** Seconds after which a caller with too many streams may try again. */
const retryAfterSeconds = '5';

/**
 * All streams of this process whose socket has not closed: one timer for pings, expiry and slow clients, and the limit per
 * user.
 */
@Injectable()
export class SseConnections implements OnModuleDestroy {
  private readonly open = new Set<SseConnection>();
  private readonly perSubject = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Streams whose socket has not closed. */
  get count(): number {
    return this.open.size;
  }

  /**
   * Opens a stream; from the call on no problem document can be sent any more.
   * @returns null when the client has left.
   * @throws Problem `too_many_streams`, or `unavailable` while the process stops, before that.
   */
  begin(reply: FastifyReply, principal: Principal): Promise<SseConnection | null> {
    if (this.stopping) throw new Problem('unavailable', undefined, { headers: { 'retry-after': '1' } });
    const { subject } = principal;
    const held = this.perSubject.get(subject) ?? 0;
    if (held >= this.config.STREAMS_PER_USER) {
      throw new Problem('too_many_streams', undefined, { headers: { 'retry-after': retryAfterSeconds } });
    }
    this.perSubject.set(subject, held + 1);
    return this.take(reply, principal);
  }

  /** Before the server closes: an open stream would hold it for ever, and so would one that ends and is not read. */
  onModuleDestroy(): void {
    this.stopping = true;
    for (const connection of [...this.open]) connection.endForShutdown();
  }

  private async take(reply: FastifyReply, principal: Principal): Promise<SseConnection | null> {
    const connection = await SseConnection.begin(reply, principal, this.forget);
    if (connection === null) {
      this.release(principal.subject);
      return null;
    }
    this.open.add(connection);
    this.timer ??= setInterval(() => this.look(Date.now()), lookMs).unref();
    if (this.stopping) connection.endForShutdown();
    return connection;
  }

  private look(now: number): void {
    for (const connection of this.open) connection.look(now);
  }

  /** One function for all connections. */
  private readonly forget = (connection: SseConnection): void => {
    this.open.delete(connection);
    this.release(connection.subject);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  };

  private release(subject: string): void {
    const left = (this.perSubject.get(subject) ?? 1) - 1;
    if (left > 0) this.perSubject.set(subject, left);
    else this.perSubject.delete(subject);
  }
}
