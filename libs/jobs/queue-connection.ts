import { Logger } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Config } from '@longhaul/config';
import { databaseClient, poolUseOf, type PoolUse } from '@longhaul/persistence';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';

/** A store that is there answers much sooner. */
const patienceMs = 2_000;
/** How long BullMQ lets a worker's command wait for the next doorbell, at most. */
const blockingMs = 10_000;

/**
 * The one connection of a process to the store of its queues. The api fails fast, since a lost doorbell is rung again;
 * a worker waits for Redis to come back.
 */
export class QueueConnection {
  private readonly quiet = new QuietLog(new Logger(QueueConnection.name));
  private closing: Promise<void> | null = null;

  private constructor(
    readonly backend: Config['QUEUE_BACKEND'],
    /** What BullMQ takes as `connection`. */
    readonly client: Redis | Pool,
    private readonly prefix: string,
  ) {
    client.on('error', (error: Error) => this.quiet.warn(`Queue connection: ${error.message}`));
  }

  /**
   * Opens the connection and makes BullMQ use its backend: call it before any queue or worker is made.
   * @param users how many queues and workers it is for.
   */
  static open(config: Config, role: 'api' | 'worker', users: number): QueueConnection {
    if (config.QUEUE_BACKEND === 'redis') {
      setDefaultBackendFactory();
      return new QueueConnection('redis', openRedis(config.REDIS_URL, role), config.QUEUE_PREFIX);
    }
    setDefaultBackendFactory(createPostgresBackend);
    const pool = new Pool({
      Client: databaseClient(config),
      connectionString: config.DATABASE_URL,
      options: `-c search_path=bullmq -c role=${config.DATABASE_ROLE}`,
      // Every BullMQ worker keeps one connection to listen on.
      max: config.DATABASE_POOL_SIZE + 10,
      connectionTimeoutMillis: 2_000,
      // As for the tables. BullMQ waits for notifications between its queries, so these do not end its waiting.
      query_timeout: 10_000,
      statement_timeout: 8_000,
      lock_timeout: 2_000,
      keepAlive: true,
    });
    // Each of them listens for errors until the end, and BullMQ makes room for that on a Redis client only. And this class.
    pool.setMaxListeners(Math.max(pool.getMaxListeners(), users + 1));
    return new QueueConnection('postgres', pool, config.QUEUE_PREFIX);
  }

  /**
   * Tries whether the store takes what is written to it: a Redis that is full or a replica still answers a PING.
   * @throws Error when it refuses, or does not answer within two seconds.
   */
  async probe(): Promise<void> {
    // A worker's client would keep the command until Redis is back, one for each probe.
    if (this.client instanceof Redis && this.client.status !== 'ready') throw new Error('Redis is away');
    const answer: Promise<unknown> =
      this.client instanceof Redis
        ? this.client.set(`${this.prefix}:probe`, Date.now(), 'EX', 60)
        : this.client.query('SELECT 1');
    await withinTime(answer, patienceMs, 'The answer of the queue store');
  }

  /** Connections to PostgreSQL; null on Redis. */
  poolUse(): PoolUse | null {
    return this.client instanceof Redis ? null : poolUseOf(this.client);
  }

  /** Calls the listener whenever the store can be reached again after it was lost. Redis only: it alone says so. */
  onReconnect(listener: () => void): void {
    if (this.client instanceof Redis) this.client.on('ready', listener);
  }

  /** Calls the listener when the store is reached the next time. Redis only. */
  onceConnected(listener: () => void): void {
    if (this.client instanceof Redis) this.client.once('ready', listener);
  }

  /** Ends the connection, and with it what still waits for an answer. Never fails; takes two seconds at most. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    if (this.client instanceof Redis) return this.client.disconnect();
    // The pool waits for answers that may never come.
    await withinTime(this.client.end(), patienceMs, 'Closing the queue connection').catch((error: Error) =>
      this.quiet.warn(error.message),
    );
  }
}

/** The connection as BullMQ's options want it; its own type names one driver at a time. */
export function bullOptions(connection: QueueConnection, prefix: string): QueueOptions {
  return { connection: connection.client, prefix };
}

/**
 * A Redis client that reconnects for ever: when a replica answers READONLY after a failover, and when a command has had
 * no answer for so long that the connection must be dead although nobody closed it.
 */
export function openRedis(url: string, role: 'api' | 'worker'): Redis {
  return new Redis(url, {
    ...(role === 'api'
      ? { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000, socketTimeout: 4_000 }
      : { maxRetriesPerRequest: null, socketTimeout: blockingMs + 5_000 }),
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times, 6)),
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  });
}
