import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';
import { ping, SseConnection } from './sse-connection.js';

const tickMs = 1_000;
const pingMs = 15_000;
const slowPatienceMs = 2_000;
/** Seconds after which a caller with too many streams may try again. */
const retryAfterSeconds = '5';

/** All open streams of this process: one timer for pings, expiry and slow clients, and the limit per user. */
@Injectable()
export class SseConnections implements OnModuleDestroy {
  private readonly open = new Map<SseConnection, { subject: string; pingAt: number }>();
  private readonly perSubject = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws Problem `too_many_streams`, or `unavailable` while the process stops. */
  begin(reply: FastifyReply, { subject, expiresAt }: Principal): SseConnection {
    if (this.stopping) throw new Problem('unavailable', undefined, { headers: { 'retry-after': '1' } });
    const held = this.perSubject.get(subject) ?? 0;
    if (held >= this.config.STREAMS_PER_USER) {
      throw new Problem('too_many_streams', undefined, { headers: { 'retry-after': retryAfterSeconds } });
    }
    const connection = SseConnection.begin(reply, expiresAt);
    this.perSubject.set(subject, held + 1);
    this.open.set(connection, { subject, pingAt: Date.now() + pingMs });
    connection.onClose(() => this.forget(connection, subject));
    this.timer ??= setInterval(() => this.tick(Date.now()), tickMs).unref();
    return connection;
  }

  /** Before the server closes: an open stream would hold it for ever. */
  onModuleDestroy(): void {
    this.stopping = true;
    clearInterval(this.timer);
    for (const connection of [...this.open.keys()]) connection.endForShutdown();
  }

  private tick(now: number): void {
    for (const [connection, state] of this.open) {
      if (connection.expiresAt.getTime() <= now) {
        connection.end();
        continue;
      }
      if (state.pingAt <= now) {
        connection.send(ping);
        state.pingAt = now + pingMs;
      }
      connection.checkPace(now, slowPatienceMs);
    }
  }

  private forget(connection: SseConnection, subject: string): void {
    this.open.delete(connection);
    const left = (this.perSubject.get(subject) ?? 1) - 1;
    if (left > 0) this.perSubject.set(subject, left);
    else this.perSubject.delete(subject);
  }
}
