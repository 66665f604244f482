import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type ExecutionContext, type OnModuleDestroy } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply } from 'fastify';
import passport from 'passport';
import { authenticationUnavailable, KeysUnavailable, unauthorized } from './auth-errors.js';
import { bearerToken, sentAuthorization } from './bearer-token.js';
import { PUBLIC, STREAM_TICKET_PARAM, type AuthenticatedRequest } from './decorators.js';
import { LocalJwtStrategy } from './local-jwt.strategy.js';
import { OidcJwtStrategy } from './oidc-jwt.strategy.js';
import type { Principal } from './principal.js';
import { StreamSessions } from './stream-sessions.js';
import { VerifiedTokens } from './verified-tokens.js';

const logger = new Logger('JwtAuthGuard');

/**
 * Global guard: a route that is not {@link Public} needs an access token in its Authorization header, or where
 * {@link AllowStreamTicket} says so a stream ticket or the cookie of a used one. Puts the principal on `request.user`.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard() implements OnModuleDestroy {
  private readonly strategies: readonly string[];

  constructor(
    local: LocalJwtStrategy,
    oidc: OidcJwtStrategy,
    private readonly sessions: StreamSessions,
    private readonly verified: VerifiedTokens,
    private readonly reflector: Reflector,
  ) {
    // passport is one for the whole process. Names of our own keep two apps in one process (tests) apart; the
    // strategies themselves must not be handed over instead of names: passport would share them between requests.
    const names = ['local', 'oidc'].map((name) => `${name}:${randomUUID()}`) as [string, string];
    passport.use(names[0], local);
    passport.use(names[1], oidc);
    super({ defaultStrategy: names });
    this.strategies = names;
  }

  onModuleDestroy(): void {
    for (const name of this.strategies) passport.unuse(name);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, places)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    const reply = http.getResponse<FastifyReply>();
    const ticketParam = this.reflector.getAllAndOverride<string | undefined>(STREAM_TICKET_PARAM, places);
    if (ticketParam !== undefined && !sentAuthorization(request)) {
      request.user = (await this.sessions.open(request, reply, ticketParam)) ?? refuse(request, reply);
    } else {
      await this.authenticate(request, reply);
    }
    return true;
  }

  /**
   * Checks the Authorization header; also for hooks that guard what is no Nest route.
   * @throws UnauthorizedException, with `WWW-Authenticate` set on the reply.
   * @throws ServiceUnavailableException when the keys cannot be had.
   */
  async authenticate(request: AuthenticatedRequest, reply: FastifyReply): Promise<Principal> {
    const token = bearerToken(request);
    const known = token === null ? null : await this.verified.principalOf(token);
    if (known !== null) return (request.user = known);
    const http = { getRequest: () => request, getResponse: () => reply };
    await super.canActivate({ switchToHttp: () => http } as unknown as ExecutionContext);
    return request.user ?? refuse(request, reply);
  }

  /** Called by passport's guard with what the strategies found. */
  override handleRequest<Found = Principal>(
    error: Error | null,
    user: Found | false,
    info: unknown,
    context: ExecutionContext,
  ): Found {
    if (error) throw error;
    if (user) return user;
    const reasons = [info].flat().filter((reason) => reason instanceof Error);
    const unavailable = reasons.find((reason) => reason instanceof KeysUnavailable);
    if (unavailable !== undefined) {
      logger.warn(`Tokens cannot be checked: ${String(unavailable.cause)}`);
      throw authenticationUnavailable();
    }
    logger.debug(`Token refused: ${reasons.map((reason) => reason.message).join('; ')}`);
    const http = context.switchToHttp();
    return refuse(http.getRequest(), http.getResponse());
  }
}

function refuse(request: AuthenticatedRequest, reply: FastifyReply): never {
  const error = sentAuthorization(request) ? ', error="invalid_token"' : '';
  void reply.header('WWW-Authenticate', `Bearer realm="longhaul"${error}`);
  throw unauthorized();
}
