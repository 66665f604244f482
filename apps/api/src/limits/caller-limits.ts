import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';
import { clientNetwork } from './client-network.js';
import { limitClassOf, quotaOf, windowSeconds, type LimitClass } from './limit-class.js';
import { LimitStore } from './limit-store.js';

const byAddress: ReadonlySet<LimitClass> = new Set(['login', 'public']);
const rememberedCallers = 10_000;

/** Charges calls to callers, and tells them what is left. */
@Injectable()
export class CallerLimits {
  private readonly keys = new LRUCache<string, string>({ max: rememberedCallers });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly store: LimitStore,
  ) {}

  /**
   * Takes one call from the caller's budget and sets RateLimit and RateLimit-Policy.
   * @throws Problem `rate_limited` with Retry-After when nothing is left.
   */
  async charge(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const limitClass = limitClassOf(request.method, request.routeOptions.url ?? '');
    if (limitClass === null) return;
    const quota = quotaOf(this.config, limitClass);
    const key = this.keyOf(callerOf(request, limitClass));
    const seen = await this.store.increment(key, windowSeconds * 1000, quota, 0, limitClass);
    void reply.headers({
      'ratelimit-policy': `"${limitClass}";q=${quota};w=${windowSeconds}`,
      ratelimit: `"${limitClass}";r=${Math.max(0, quota - seen.totalHits)};t=${seen.timeToExpire}`,
    });
    if (!seen.isBlocked) return;
    throw new Problem('rate_limited', undefined, { headers: { 'retry-after': String(seen.timeToBlockExpire) } });
  }

  /** Hashed: names do not belong into a store of counters. */
  private keyOf(caller: string): string {
    const known = this.keys.get(caller);
    if (known !== undefined) return known;
    const key = createHash('sha256').update(caller).digest('base64url').slice(0, 32);
    this.keys.set(caller, key);
    return key;
  }
}

/** Sign-ins and the public site count by address, everything else by user if one is known. */
function callerOf(request: FastifyRequest, limitClass: LimitClass): string {
  const { subject } = (request as { user?: { subject?: string } }).user ?? {};
  return subject === undefined || byAddress.has(limitClass) ? `a:${clientNetwork(request.ip)}` : `u:${subject}`;
}
