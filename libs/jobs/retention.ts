import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import { JobRunner } from './job-runner.js';
import { JobEntity } from './job.entity.js';
import { LeaderLease } from './leader-lease.js';
import { QuietLog } from './quiet-log.js';

const leaseName = 'retention';
const everyMs = 30_000;
const leaseSeconds = 40;
/** A sweep ends by then, whatever is left: the next one goes on. */
const sweepMs = 10_000;
/** What one statement removes at most. The log of all events stands still while it runs, so that is milliseconds. */
const batch = { jobs: 500, events: 5_000, rows: 1_000 };
/** Between two statements: as long as the last one took, so that retention never holds more than half a connection. */
const shortestPauseMs = 20;

/** How many rows one sweep removed or changed. */
export interface Sweep {
  readonly leading: boolean;
  readonly jobs: number;
  readonly keys: number;
  readonly forgotten: number;
}

/**
 * Removes what has been kept long enough: finished jobs with their events, used idempotency keys, and the ids of jobs
 * removed long ago. Every worker process has one; the holder of a lease of its own works, so recovery never waits for it.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly quiet = new QuietLog(this.logger);
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<Sweep> | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    private readonly lease: LeaderLease,
    private readonly runner: JobRunner,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tick(), everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopped.abort();
    await this.lease.releaseAfter(this.current ?? Promise.resolve(), leaseName, this.runner.workerId);
  }

  /** One sweep; calls that come while one is under way share it. */
  sweep(): Promise<Sweep> {
    this.current ??= this.sweepAll().finally(() => (this.current = null));
    return this.current;
  }

  private async tick(): Promise<void> {
    const { jobs, keys, forgotten } = await this.sweep();
    if (jobs + keys + forgotten > 0) this.logger.log({ jobs, keys, forgotten }, 'Removed what was old');
  }

  private async sweepAll(): Promise<Sweep> {
    const until = performance.now() + sweepMs;
    const leading = await this.isolated('Retention', () =>
      this.lease.acquire(leaseName, this.runner.workerId, leaseSeconds),
    );
    if (!leading) return { leading: false, jobs: 0, keys: 0, forgotten: 0 };
    // The longest last: what it does not get done must not keep the others from their turn.
    const keys = await this.repeat('Idempotency keys', until, () => this.forgetKeys());
    const forgotten = await this.repeat('Ids of removed jobs', until, () => this.forgetRemoved());
    const { RETENTION_DAYS } = this.config;
    const jobs = RETENTION_DAYS === 0 ? 0 : await this.repeat('Finished jobs', until, () => this.removeFinished());
    return { leading: true, jobs, keys, forgotten };
  }

  /** Batch after batch until one finds nothing, an error, the end of the time or of the process. */
  private async repeat(what: string, until: number, remove: () => Promise<number>): Promise<number> {
    let total = 0;
    while (!this.stopped.signal.aborted && performance.now() < until) {
      const start = performance.now();
      const count = await this.isolated(what, remove);
      if (!count) break;
      total += count;
      const rest = Math.max(shortestPauseMs, performance.now() - start);
      await pause(rest, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
    return total;
  }

  /** One sort of rows that cannot be removed does not keep the others. */
  private async isolated<T>(what: string, action: () => Promise<T>): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      this.quiet.warn(`${what}: not removed: ${(error as Error).message}`);
      return null;
    }
  }

  private async removeFinished(): Promise<number> {
    const [row] = await this.jobs.query<{ removed: number }[]>(
      `SELECT remove_finished_jobs(make_interval(days => $1), $2, $3) AS removed`,
      [this.config.RETENTION_DAYS, batch.jobs, batch.events],
    );
    return row?.removed ?? 0;
  }

  /** Counted from the end of the job: a job that took two days is not made twice by a client that repeats its submit. */
  private forgetKeys(): Promise<number> {
    return this.count(
      `WITH old AS (
         SELECT id FROM jobs
         WHERE idempotency_key IS NOT NULL AND finished_at < now() - make_interval(hours => $1)
         ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ), done AS (
         UPDATE jobs SET idempotency_key = NULL, request_hash = NULL FROM old WHERE jobs.id = old.id RETURNING jobs.id
       )
       SELECT count(*)::integer AS count FROM done`,
      this.config.IDEMPOTENCY_HOURS,
    );
  }

  private forgetRemoved(): Promise<number> {
    return this.count(
      `WITH done AS (
         DELETE FROM removed_jobs WHERE id IN (
           SELECT id FROM removed_jobs WHERE removed_at < now() - make_interval(days => $1)
           ORDER BY removed_at LIMIT $2)
         RETURNING id
       )
       SELECT count(*)::integer AS count FROM done`,
      this.config.REMOVED_GRACE_DAYS,
    );
  }

  private async count(sql: string, age: number): Promise<number> {
    const [row] = await this.jobs.query<{ count: number }[]>(sql, [age, batch.rows]);
    return row?.count ?? 0;
  }
}
