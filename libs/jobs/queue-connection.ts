import { Logger } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Config } from '@longhaul/config';
import { QuietLog } from './quiet-log.js';

/**
 * The one connection of a process to the store of its queues. The api fails fast, since a lost doorbell is rung again;
 * a worker waits for Redis to come back.
 */
export class QueueConnection {
  private readonly quiet = new QuietLog(new Logger(QueueConnection.name));

  private constructor(
    readonly backend: Config['QUEUE_BACKEND'],
    /** What BullMQ takes as `connection`. */
    readonly client: Redis | Pool,
  ) {
    client.on('error', (error: Error) => this.quiet.warn(`Queue connection: ${error.message}`));
  }

  /** Opens the connection and makes BullMQ use its backend: call it before any queue or worker is made. */
  static open(config: Config, role: 'api' | 'worker'): QueueConnection {
    if (config.QUEUE_BACKEND === 'redis') {
      setDefaultBackendFactory();
      return new QueueConnection('redis', openRedis(config.REDIS_URL, role));
    }
    setDefaultBackendFactory(createPostgresBackend);
    const pool = new Pool({
      connectionString: config.DATABASE_URL,
      options: `-c search_path=bullmq -c role=${config.DATABASE_ROLE}`,
      // Every BullMQ worker keeps one connection to listen on.
      max: config.DATABASE_POOL_SIZE + 10,
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
    });
    return new QueueConnection('postgres', pool);
  }

  /** @throws Error when the store does not answer within two seconds. */
  async ping(): Promise<void> {
    const answer = this.client instanceof Redis ? this.client.ping() : this.client.query('SELECT 1');
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the queue store does not answer')), 2_000);
    });
    await Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  /** Calls the listener whenever the store can be reached again after it was lost. Redis only: it alone says so. */
  onReconnect(listener: () => void): void {
    if (this.client instanceof Redis) this.client.on('ready', listener);
  }

  async close(): Promise<void> {
    if (this.client instanceof Redis) this.client.disconnect();
    else await this.client.end();
  }
}

/** The connection as BullMQ's options want it; its own type names one driver at a time. */
export function bullOptions(connection: QueueConnection, prefix: string): QueueOptions {
  return { connection: connection.client, prefix };
}

/** A Redis client that reconnects for ever, also when a replica answers READONLY after a failover. */
export function openRedis(url: string, role: 'api' | 'worker'): Redis {
  return new Redis(url, {
    ...(role === 'api'
      ? { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000 }
      : { maxRetriesPerRequest: null }),
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times, 6)),
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  });
}
