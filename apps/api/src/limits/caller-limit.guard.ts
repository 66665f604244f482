import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerLimits } from './caller-limits.js';

/**
 * Charges every call once the caller is known: it must come after the guards of libs/auth (start-api.ts). There is one
 * throttler for all routes, so nothing has to be looked up for each call.
 */
@Injectable()
export class CallerLimitGuard extends ThrottlerGuard {
  @Inject(CallerLimits)
  private readonly limits: CallerLimits;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    await this.limits.charge(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }
}
