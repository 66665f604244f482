import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Config } from '@longhaul/config';

/**
 * Looks at Redis before the process starts. Redis that may evict any key is refused: it would drop doorbells and queue
 * state at its own choice. What is merely unwise gets a warning.
 * @throws Error with what to change.
 */
export async function checkRedis(config: Config): Promise<void> {
  if (config.QUEUE_BACKEND !== 'redis') return;
  const logger = new Logger('Redis');
  const client = new Redis(config.REDIS_URL, { lazyConnect: true, connectTimeout: 5_000, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const facts = parseInfo(`${await client.info('memory')}\n${await client.info('persistence')}`);
    const policy = facts.get('maxmemory_policy') ?? 'unknown';
    if (policy.startsWith('allkeys')) {
      throw new Error(`Redis evicts queue data (maxmemory-policy ${policy}): set it to noeviction.`);
    }
    if (policy !== 'noeviction') logger.warn(`Redis maxmemory-policy is ${policy}; noeviction is what BullMQ needs.`);
    if (facts.get('aof_enabled') === '0') {
      logger.warn(
        'Redis has no append-only file: after a crash waiting doorbells are rung again only by the reconciler.',
      );
    }
  } finally {
    client.disconnect();
  }
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
