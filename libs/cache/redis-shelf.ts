import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

/** A Redis that is there answers within a millisecond or two. */
const patienceMs = 250;
/** After a failure Redis is left alone for so long: a cache that waits for a dead Redis is slower than none. */
const restMs = 2_000;
const complaintEveryMs = 30_000;

/** Texts in Redis, shared by all processes. Whatever happens to Redis, no call takes longer than a moment. */
export class RedisShelf {
  private readonly logger = new Logger('Cache');
  private readonly redis: Redis;
  private restUntil = 0;
  private complainedAt = -Infinity;

  constructor(
    url: string,
    private readonly prefix: string,
  ) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: patienceMs,
      connectTimeout: 2_000,
      // A connection that a network has swallowed is closed by nobody else.
      socketTimeout: 4_000,
      retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times, 6)),
    });
    this.redis.on('error', (error) => this.complain(error));
  }

  /** Until then every call fails at once. Never fails itself: a Redis that is away is tried again. */
  open(): void {
    this.redis.connect().catch((error: Error) => this.complain(error));
  }

  /** @returns null when there is none. @throws Error at once while Redis is away, else within a moment. */
  get(key: string): Promise<string | null> {
    return this.tried(() => this.redis.get(this.prefix + key));
  }

  /** @param seconds after which Redis forgets it. @throws Error as {@link get}. */
  async set(key: string, text: string, seconds: number): Promise<void> {
    await this.tried(() => this.redis.set(this.prefix + key, text, 'EX', seconds));
  }

  /** @throws Error as {@link get}. */
  async delete(key: string): Promise<void> {
    await this.tried(() => this.redis.unlink(this.prefix + key));
  }

  close(): void {
    this.redis.disconnect();
  }

  private async tried<T>(command: () => Promise<T>): Promise<T> {
    if (this.redis.status !== 'ready' || Date.now() < this.restUntil) throw new Error('Redis is away');
    try {
      return await command();
    } catch (error) {
      this.restUntil = Date.now() + restMs;
      this.complain(error as Error);
      throw error;
    }
  }

  private complain({ message }: Error): void {
    if (Date.now() - this.complainedAt < complaintEveryMs) return;
    this.complainedAt = Date.now();
    this.logger.warn(`Redis is away, each process caches for itself: ${message}`);
  }
}
