import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { databaseClient } from '@longhaul/persistence';
import { openRedis } from './queue-connection.js';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';

/** "Job `id` has the events `from` to `to`", and whether it was cancelled. Only a hint: it may be lost or late. */
export interface JobHint {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly cancelled?: boolean;
}

/** Carries texts between processes, at most once; either Redis pub/sub or LISTEN/NOTIFY. */
export interface HintWire {
  /** Longest text that one send can carry, in bytes. */
  readonly limit: number;
  send(text: string): Promise<void>;
  /** @param onGap called when texts may have been missed: the connection was lost and is back. */
  listen(onText: (text: string) => void, onGap: () => void): Promise<void>;
  close(): Promise<void>;
}

const hintBytes = 80;

/**
 * Sends and receives {@link JobHint}s. Everything that is to be sent while a send is under way goes out together with
 * the next one, so that a busy system batches by itself and an idle one sends at once.
 */
export class JobHints {
  private readonly quiet = new QuietLog(new Logger(JobHints.name));
  private readonly waiting = new Map<string, JobHint>();
  private readonly listeners = new Set<(hints: readonly JobHint[]) => void>();
  private readonly gapListeners = new Set<() => void>();
  private sending: Promise<void> | null = null;
  private listening: Promise<void> | null = null;

  constructor(private readonly wire: HintWire) {}

  /** Queues a hint; it is sent as soon as the wire is free, after the caller's transaction is committed. */
  publish(hint: JobHint): void {
    const earlier = this.waiting.get(hint.id);
    this.waiting.set(hint.id, {
      id: hint.id,
      from: Math.min(hint.from, earlier?.from ?? hint.from),
      to: Math.max(hint.to, earlier?.to ?? hint.to),
      ...(hint.cancelled || earlier?.cancelled ? { cancelled: true } : {}),
    });
    // Not at once: the hints of one batch of claims or ends are published in the same turn.
    this.sending ??= Promise.resolve()
      .then(() => this.sendAll())
      .finally(() => (this.sending = null));
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (hints: readonly JobHint[]) => void, onGap: () => void = () => undefined): () => void {
    this.listeners.add(listener);
    this.gapListeners.add(onGap);
    this.listening ??= this.wire
      .listen(
        (text) => this.receive(text),
        () => this.gapListeners.forEach((report) => report()),
      )
      .catch((error: Error) => this.quiet.warn(`No hints for now: ${error.message}`));
    return () => {
      this.listeners.delete(listener);
      this.gapListeners.delete(onGap);
    };
  }

  async close(): Promise<void> {
    await this.sending;
    await this.wire.close();
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.size > 0) {
      const batch = [...this.waiting.values()].slice(0, Math.floor(this.wire.limit / hintBytes));
      for (const { id } of batch) this.waiting.delete(id);
      try {
        await this.wire.send(
          JSON.stringify(batch.map(({ id, from, to, cancelled }) => [id, from, to, cancelled ? 1 : 0])),
        );
      } catch (error) {
        this.quiet.warn(`Hint not sent, watchers will poll: ${(error as Error).message}`);
      }
    }
  }

  private receive(text: string): void {
    const hints = parseHints(text);
    if (hints === null) return this.quiet.warn('A hint that is none of ours was ignored.');
    this.listeners.forEach((listener) => listener(hints));
  }
}

/** Anybody with access to the store can write to the channel: null for what no process of ours has sent. */
function parseHints(text: string): JobHint[] | null {
  try {
    const rows = JSON.parse(text) as [string, number, number, number][];
    return rows.map(([id, from, to, cancelled]) => ({ id, from, to, cancelled: cancelled === 1 }));
  } catch {
    return null;
  }
}

/** Redis pub/sub; a connection that listens can do nothing else, so there are two. */
export class RedisHintWire implements HintWire {
  readonly limit = 100_000;
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private readonly channel: string;

  constructor(config: Config) {
    this.channel = `${config.QUEUE_PREFIX}:hints`;
    this.publisher = openRedis(config.REDIS_URL, 'api');
    this.subscriber = openRedis(config.REDIS_URL, 'worker');
    const quiet = new QuietLog(new Logger(RedisHintWire.name));
    for (const client of [this.publisher, this.subscriber]) client.on('error', (error) => quiet.warn(error.message));
  }

  async send(text: string): Promise<void> {
    await this.publisher.publish(this.channel, text);
  }

  async listen(onText: (text: string) => void, onGap: () => void): Promise<void> {
    this.subscriber.on('message', (_channel, text) => onText(text));
    // ioredis subscribes again by itself after a reconnect; what was said meanwhile is gone.
    this.subscriber.on('ready', onGap);
    await this.subscriber.subscribe(this.channel);
  }

  close(): Promise<void> {
    this.publisher.disconnect();
    this.subscriber.disconnect();
    return Promise.resolve();
  }
}

/**
 * LISTEN/NOTIFY. NOTIFY takes a lock that serialises commits, so it is never part of the transaction that writes the
 * events, and one carries many hints.
 */
export class PostgresHintWire implements HintWire {
  // PostgreSQL refuses payloads of 8,000 bytes and more.
  readonly limit = 7_900;
  private listener: Client | null = null;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly source: DataSource,
  ) {}

  async send(text: string): Promise<void> {
    await this.source.query(`SELECT pg_notify('longhaul_hints', $1)`, [text]);
  }

  async listen(onText: (text: string) => void, onGap: () => void): Promise<void> {
    const client = new (databaseClient(this.config))({
      connectionString: this.config.DATABASE_URL,
      connectionTimeoutMillis: 2_000,
      query_timeout: 10_000,
      keepAlive: true,
      application_name: 'longhaul hints',
    });
    const again = () => {
      if (this.closed || this.listener !== client) return;
      this.listener = null;
      client.end().catch(() => undefined);
      this.retry = setTimeout(() => void this.listen(onText, onGap).then(onGap, again), 500);
    };
    this.listener = client;
    client.on('error', again);
    client.on('end', again);
    client.on('notification', (message) => onText(message.payload ?? '[]'));
    try {
      await client.connect();
      await client.query('LISTEN longhaul_hints');
    } catch (error) {
      again();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    // A silent server would never answer the goodbye.
    const ended = this.listener?.end() ?? Promise.resolve();
    await withinTime(ended, 2_000, 'Closing the hints').catch(() => undefined);
  }
}
