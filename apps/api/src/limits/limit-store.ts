import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Redis } from 'ioredis';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { CONFIG, type Config } from '@longhaul/config';
import { BudgetLease, type Taken } from './budget-lease.js';
import { limitClasses, quotaOf, windowSeconds, type LimitClass } from './limit-class.js';

type StorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts calls for all replicas together: in Redis when there is one, else in PostgreSQL. When the store fails each
 * process counts for itself, in memory; when even that fails the call is let through.
 */
@Injectable()
export class LimitStore implements ThrottlerStorage, OnApplicationShutdown {
  private readonly logger = new Logger(LimitStore.name);
  private readonly redis: Redis | null;
  private readonly leases: ReadonlyMap<string, BudgetLease>;
  private lastComplaint = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly source: object,
  ) {
    this.redis = config.REDIS_URL === '' ? null : this.connect(config.REDIS_URL);
    this.leases = new Map(
      limitClasses.map((name) => {
        const quota = quotaOf(config, name);
        // Sign-ins are counted one by one: few, and a guesser must not gain from portions.
        return [name, new BudgetLease(this.limiter(name, quota), quota, name === 'login' ? 1 : undefined)] as const;
      }),
    );
  }

  async increment(key: string, _ttl: number, limit: number, _block: number, name: string): Promise<StorageRecord> {
    const { allowed, remaining, resetSeconds } = await this.take(key, name, limit);
    return {
      totalHits: limit - remaining,
      timeToExpire: resetSeconds,
      isBlocked: !allowed,
      timeToBlockExpire: allowed ? 0 : resetSeconds,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    // Nest calls this twice, since the throttler has this store for a provider of its own. To disconnect what has ended leaves
    // a timer behind.
    await this.redis?.quit().catch(() => this.redis?.status !== 'end' && this.redis?.disconnect());
  }

  private async take(key: string, name: string, limit: number): Promise<Taken> {
    const open = { allowed: true, remaining: limit - 1, resetSeconds: windowSeconds };
    try {
      return (await this.leases.get(name)?.take(key)) ?? open;
    } catch (error) {
      this.complain(error);
      return open;
    }
  }

  private limiter(name: LimitClass, points: number): RateLimiterAbstract {
    const options = { points, duration: windowSeconds, keyPrefix: `${this.config.QUEUE_PREFIX}:limit:${name}` };
    const shared = { ...options, insuranceLimiter: new RateLimiterMemory(options) };
    if (this.redis !== null) {
      return new RateLimiterRedis({ ...shared, storeClient: this.redis, rejectIfRedisNotReady: true });
    }
    return new RateLimiterPostgres({
      ...shared,
      storeClient: this.source,
      storeType: 'typeorm',
      tableName: 'rate_limits',
      tableCreated: true,
    });
  }

  /** A Redis that is away must cost a request milliseconds, not a reconnect. */
  private connect(url: string): Redis {
    const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 500 });
    redis.on('error', (error) => this.complain(error));
    return redis;
  }

  private complain(error: unknown): void {
    if (Date.now() - this.lastComplaint < 5_000) return;
    this.lastComplaint = Date.now();
    this.logger.warn(`rate limits are counted per process: ${error instanceof Error ? error.message : String(error)}`);
  }
}
