import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';

/**
 * Refuses what a page of another origin made the browser send: a cookie proves the browser, not the page. Programs that
 * send neither header are no browsers, and have no cookie that was not given to them.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws Problem `forbidden`. */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { origin, 'sec-fetch-site': site } = request.headers;
    const sameSite = site === undefined || site === 'same-origin';
    if (sameSite && (origin === undefined || this.isOurs(origin, request))) return true;
    throw new Problem('forbidden', 'This is for pages of the same origin only.');
  }

  /** The scheme is compared by PUBLIC_URL alone: behind a proxy, only the name that was asked for is known here. */
  private isOurs(origin: string, request: FastifyRequest): boolean {
    if (origin === new URL(this.config.PUBLIC_URL).origin) return true;
    return /^https?:$/.test(URL.parse(origin)?.protocol ?? '') && URL.parse(origin)?.host === request.host;
  }
}
