import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@longhaul/config';
import { sentAuthorization } from './bearer-token.js';
import type { AuthenticatedRequest } from './decorators.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { hasAnyRole } from './policy.js';
import type { Principal } from './principal.js';
import { StreamTickets } from './stream-tickets.js';

/** Stands where the id of a task stands in the tickets of streams; no task has it, since theirs are uuid v7. */
const boardId = '00000000-0000-0000-0000-000000000000';
const cookieName = 'longhaul_board';
const cookiePattern = new RegExp(`(?:^|;) *${cookieName}=([\\w-]{43}) *(?:;|$)`);

/** Who may see a page for admins that a browser opens, which can send no header: by token, ticket or cookie. */
@Injectable()
export class BoardSessions {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tickets: StreamTickets,
    private readonly guard: JwtAuthGuard,
  ) {}

  /** A ticket for one use within 30 seconds. The caller must have been found to be an admin. */
  issue(admin: Principal): Promise<{ ticket: string; expiresIn: number }> {
    return this.tickets.issue(boardId, admin);
  }

  /**
   * Who asks, by token or cookie, and whether it is an admin now.
   * @throws UnauthorizedException.
   */
  async identify(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ readonly principal: Principal; readonly isAdmin: boolean }> {
    const session = sentAuthorization(request) ? undefined : cookiePattern.exec(request.headers.cookie ?? '')?.[1];
    const resumed = session === undefined ? undefined : await this.tickets.resume(boardId, session);
    const principal = resumed ?? (await this.guard.authenticate(request, reply));
    (request as AuthenticatedRequest).user = principal;
    return { principal, isAdmin: hasAnyRole(principal, ['admin']) };
  }

  /**
   * Uses a ticket up, and sets the cookie that stands for it until the token ends that it was issued for.
   * @param path below which the cookie is sent.
   * @returns whether the ticket was good.
   */
  async open(reply: FastifyReply, ticket: unknown, path: string): Promise<boolean> {
    if (typeof ticket !== 'string' || !/^[\w-]{43}$/.test(ticket)) return false;
    const redeemed = await this.tickets.redeem(boardId, ticket);
    if (redeemed === undefined || !hasAnyRole(redeemed.principal, ['admin'])) return false;
    const base = new URL(this.config.PUBLIC_URL);
    const cookie = [
      `${cookieName}=${redeemed.session}`,
      `Path=${base.pathname.replace(/\/$/, '')}${path}`,
      `Expires=${redeemed.principal.expiresAt.toUTCString()}`,
      'HttpOnly',
      'SameSite=Strict',
      ...(base.protocol === 'https:' ? ['Secure'] : []),
    ].join('; ');
    void reply.header('set-cookie', cookie);
    return true;
  }
}
