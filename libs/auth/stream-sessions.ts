import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@longhaul/config';
import type { Principal } from './principal.js';
import { StreamTickets } from './stream-tickets.js';

/** Cookie that lets `EventSource` reconnect after its ticket was used. */
export const STREAM_COOKIE = 'longhaul_stream';

/** The HTTP side of {@link StreamTickets}: query, path and cookie. */
@Injectable()
export class StreamSessions {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tickets: StreamTickets,
  ) {}

  /**
   * Takes `?ticket=`, which sets the cookie, else the cookie. `EventSource` reconnects with the URL it was given, so a
   * ticket that is used by now does not stand in the way of a good cookie.
   * @param param route parameter with the id of the task.
   * @returns undefined when neither is good.
   */
  async open(request: FastifyRequest, reply: FastifyReply, param: string): Promise<Principal | undefined> {
    const jobId = (request.params as Record<string, string>)[param];
    if (jobId === undefined || !uuid.test(jobId)) return undefined;
    const { ticket } = request.query as { ticket?: unknown };
    const redeemed = isSecret(ticket) ? await this.tickets.redeem(jobId, ticket) : undefined;
    if (redeemed !== undefined) {
      void reply.header('Set-Cookie', this.cookie(jobId, redeemed.session, redeemed.principal.expiresAt));
      return redeemed.principal;
    }
    const session = cookiePattern.exec(request.headers.cookie ?? '')?.[1];
    return session === undefined ? undefined : this.tickets.resume(jobId, session);
  }

  private cookie(jobId: string, session: string, expires: Date): string {
    const base = new URL(this.config.PUBLIC_URL);
    return [
      `${STREAM_COOKIE}=${session}`,
      `Path=${base.pathname.replace(/\/$/, '')}/tasks/${jobId}/stream`,
      `Expires=${expires.toUTCString()}`,
      'HttpOnly',
      'SameSite=Strict',
      ...(base.protocol === 'https:' ? ['Secure'] : []),
    ].join('; ');
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const cookiePattern = new RegExp(`(?:^|;) *${STREAM_COOKIE}=([\\w-]{43}) *(?:;|$)`);

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}
