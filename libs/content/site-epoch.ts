import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import { databaseClient } from '@longhaul/persistence';
import { siteChannel } from './published-posts.js';

/** A notification that got lost costs so much at most. */
const rereadMs = 5_000;
const reconnectMs = 500;
const complaintEveryMs = 60_000;

/**
 * The epoch of what is public: the newest publication or unpublication. What was kept in another epoch must not be
 * shown any more. Known to every api process within milliseconds, and within seconds when notifications get lost.
 */
@Injectable()
export class SiteEpoch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SiteEpoch.name);
  /** Until the epoch has been read this process shares nothing with others. */
  private epoch = `unread-${randomUUID()}`;
  private seq = 0n;
  /** Grows with each notification: a read that began before one knows less than it. */
  private heard = 0;
  private rereading: Promise<void> | null = null;
  private listener: Client | null = null;
  private timers: NodeJS.Timeout[] = [];
  private retry: NodeJS.Timeout | undefined;
  private closed = false;
  private complainedAt = -Infinity;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly source: DataSource,
  ) {}

  /** Part of what names an answer about public content. */
  current(): string {
    return this.epoch;
  }

  /**
   * Nothing older than this decision is shown any more, even if the epoch itself cannot be read. Never fails. Whoever has
   * published waits for it: the next request to the same process shows the change.
   * @param seq number of the decision; null: some newer one.
   */
  async advance(seq: bigint | null): Promise<void> {
    if (seq !== null && seq <= this.seq) return;
    // A read that is under way may have begun before the decision: it begins again.
    this.heard += 1;
    this.epoch = `heard-${randomUUID()}`;
    await this.reread();
  }

  /** Reads the epoch; never fails. */
  reread(): Promise<void> {
    this.rereading ??= this.read()
      .catch((error: Error) => this.complain(error))
      .finally(() => (this.rereading = null));
    return this.rereading;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.timers.push(setInterval(() => void this.reread(), rereadMs).unref());
    await this.listen().catch((error: Error) => this.complain(error));
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    this.timers.forEach((timer) => clearInterval(timer));
    clearTimeout(this.retry);
    const { listener } = this;
    this.listener = null;
    if (listener === null) return;
    // A silent server would never answer the goodbye.
    const patience = setTimeout(() => listener.connection.stream.destroy(), 1_000);
    await listener.end().catch(() => undefined);
    clearTimeout(patience);
  }

  private async read(): Promise<void> {
    const { heard } = this;
    const [newest] = await this.source.query<{ seq: string; hash: string }[]>(
      `SELECT seq, hash FROM content_reviews WHERE decision IN ('published', 'unpublished') ORDER BY seq DESC LIMIT 1`,
    );
    if (heard !== this.heard) return this.read();
    this.seq = BigInt(newest?.seq ?? 0);
    // The hash tells histories apart that have the same numbers: a backup may have been restored.
    this.epoch = newest === undefined ? 'empty' : `${newest.seq}-${newest.hash.slice(0, 16)}`;
  }

  private async listen(): Promise<void> {
    const client = new (databaseClient(this.config))({
      connectionString: this.config.DATABASE_URL,
      connectionTimeoutMillis: 2_000,
      query_timeout: 10_000,
      keepAlive: true,
      application_name: 'longhaul site',
    });
    const again = () => {
      if (this.closed || this.listener !== client) return;
      this.listener = null;
      client.end().catch(() => undefined);
      this.retry = setTimeout(() => void this.listen().catch((error: Error) => this.complain(error)), reconnectMs);
    };
    this.listener = client;
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ payload }) => void this.advance(seqOf(payload)));
    try {
      await client.connect();
      await client.query(`LISTEN ${siteChannel}`);
    } catch (error) {
      again();
      throw error;
    }
    // What was said while nobody listened.
    await this.reread();
  }

  private complain({ message }: Error): void {
    if (this.closed || Date.now() - this.complainedAt < complaintEveryMs) return;
    this.complainedAt = Date.now();
    this.logger.warn(`What is public may be shown late: ${message}`);
  }
}

/** The decision that a notification names. */
function seqOf(payload = ''): bigint | null {
  return /^\d{1,18}$/.test(payload) ? BigInt(payload) : null;
}
