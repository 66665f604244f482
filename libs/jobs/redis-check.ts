import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CONFIG, type Config } from '@longhaul/config';

/**
 * Looks at Redis before the process starts. Redis that may evict any key is refused: it would drop doorbells and queue
 * state at its own choice. What is merely unwise gets a warning.
 */
@Injectable()
export class RedisCheck implements OnModuleInit {
  private readonly logger = new Logger(RedisCheck.name);

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws Error with what to change; then the process does not start. */
  async onModuleInit(): Promise<void> {
    if (this.config.QUEUE_BACKEND !== 'redis') return;
    const facts = await readFacts(this.config.REDIS_URL);
    for (const warning of judgeRedis(facts)) this.logger.warn(warning);
  }
}

/**
 * What is unwise about a Redis, by the fields of its INFO.
 * @throws Error when it must not be used.
 */
export function judgeRedis(facts: ReadonlyMap<string, string>): string[] {
  const policy = facts.get('maxmemory_policy') ?? 'unknown';
  if (policy.startsWith('allkeys')) {
    throw new Error(`Redis evicts queue data (maxmemory-policy ${policy}): set it to noeviction.`);
  }
  const warnings: string[] = [];
  if (policy !== 'noeviction') warnings.push(`Redis maxmemory-policy is ${policy}; BullMQ needs noeviction.`);
  if (facts.get('aof_enabled') === '0') {
    warnings.push('Redis has no append-only file: after a crash only the reconciler rings lost doorbells again.');
  }
  return warnings;
}

async function readFacts(url: string): Promise<Map<string, string>> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return parseInfo(`${await client.info('memory')}\n${await client.info('persistence')}`);
  } catch (error) {
    throw new Error(`Redis cannot be used: ${(error as Error).message}`, { cause: error });
  } finally {
    client.disconnect();
  }
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
