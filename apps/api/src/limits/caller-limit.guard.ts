import { Inject, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerLimits } from './caller-limits.js';

/** Charges every call once the caller is known: it must come after the guards of libs/auth (start-api.ts). */
@Injectable()
export class CallerLimitGuard extends ThrottlerGuard {
  @Inject(CallerLimits)
  private readonly limits: CallerLimits;

  protected override async handleRequest({ context }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    await this.limits.charge(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }
}
