import { Logger, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Config } from '@longhaul/config';
import type { QueueConnection } from './queue-connection.js';
import { withinTime } from './time-limit.js';

const patienceMs = 5_000;

/**
 * Looks at Redis before the process starts. Redis that may evict any key is refused: it would drop doorbells and queue
 * state at its own choice. What is merely unwise gets a warning. An api starts without a Redis that is away, since it
 * serves without it, and looks when it is there.
 */
export class RedisCheck implements OnModuleInit {
  private readonly logger = new Logger(RedisCheck.name);

  constructor(
    private readonly config: Config,
    private readonly connection: QueueConnection,
    private readonly role: 'api' | 'worker',
  ) {}

  /** @throws Error with what to change; then the process does not start. */
  async onModuleInit(): Promise<void> {
    if (this.config.QUEUE_BACKEND !== 'redis') return;
    try {
      await this.look();
    } catch (error) {
      if (this.role === 'worker' || !(error instanceof RedisAway)) throw error;
      this.logger.warn(`${error.message}. Starting without it: tasks are taken, and start when it is there.`);
      this.connection.onceConnected(() => void this.look().catch((late: Error) => this.logger.error(late.message)));
    }
  }

  private async look(): Promise<void> {
    const facts = await readFacts(this.config.REDIS_URL);
    for (const warning of judgeRedis(facts)) this.logger.warn(warning);
  }
}

/** Nobody answers, in contrast to a Redis that refuses. */
class RedisAway extends Error {
  override readonly name = 'RedisAway';
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
  const client = new Redis(url, { lazyConnect: true, connectTimeout: patienceMs, retryStrategy: () => null });
  let cause: Error | undefined;
  client.on('error', (error) => (cause = error));
  try {
    return parseInfo(await withinTime(readInfo(client), patienceMs, 'The answer of Redis'));
  } catch (error) {
    // The connection's own error says more than that it is closed.
    const reason = cause ?? (error as Error);
    const message = `Redis cannot be used: ${reason.message}`;
    throw reason.name === 'ReplyError' ? new Error(message, { cause: reason }) : new RedisAway(message);
  } finally {
    client.disconnect();
  }
}

async function readInfo(client: Redis): Promise<string> {
  await client.connect();
  return `${await client.info('memory')}\n${await client.info('persistence')}`;
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
