import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Environment } from '../../faults/stage/app.js';
import type { DatabaseUrls } from '../../faults/stage/postgres.js';
import { until } from '../../faults/stage/processes.js';
import { concurrency, productSettings } from '../settings.js';
import type { Child } from './child.js';
import type { Metered } from './cpu.js';
import type { Stage } from './stage.js';

/** From the sources, with the kinds of the benchmarks; or as built, with the shipped ones. */
const scripts = {
  source: { api: 'test/bench/apps/api.ts', worker: 'test/bench/apps/worker.ts' },
  build: { api: 'dist/bundle/api.js', worker: 'dist/bundle/worker.js' },
} as const;

const drainMs = 600_000;
const drainPollMs = 80;

/** Longhaul on a database and a queue prefix of its own: as many processes as a benchmark wants. */
export class Product {
  readonly apis: Child[] = [];
  readonly workers: Child[] = [];

  private constructor(
    private readonly stage: Stage,
    private readonly from: keyof typeof scripts,
    readonly env: Environment,
    readonly sql: Pool,
  ) {}

  /** Makes the database; no process runs yet. */
  static async open(stage: Stage, from: keyof typeof scripts = 'source', settings: Environment = {}): Promise<Product> {
    const { urls, sql } = await stage.database();
    return new Product(stage, from, { ...placesOf(stage, urls), ...productSettings, ...settings }, sql);
  }

  /** Where its api listens. */
  get url(): string {
    const [api] = this.apis;
    if (api === undefined) throw new Error('No api was started.');
    return api.said.replace(/\/$/, '');
  }

  /** Access tokens of several users. */
  get tokens(): string[] {
    return this.stage.servers.postgres.callers.owners.map(({ token }) => token);
  }

  /** Ids of the same users. */
  get owners(): string[] {
    return this.stage.servers.postgres.callers.owners.map(({ id }) => id);
  }

  /** Its processes and the stores', for a CPU meter. */
  get metered(): readonly Metered[] {
    const named = (name: string, children: readonly Child[]) => children.map(({ pid }) => ({ name, pid }));
    return [...named('api', this.apis), ...named('worker', this.workers), ...this.stage.stores];
  }

  async startApi(): Promise<Child> {
    const api = await this.stage.start({
      name: 'longhaul-api',
      script: scripts[this.from].api,
      env: { ...this.env, PORT: '0' },
      ready: /^Longhaul API listens on (http:\S+)$/,
    });
    this.apis.push(api);
    return api;
  }

  async startWorker(settings: Environment = {}): Promise<Child> {
    const worker = await this.stage.start({
      name: 'longhaul-worker',
      script: scripts[this.from].worker,
      env: { ...this.env, WORKER_CONCURRENCY: String(concurrency), ...settings },
      ready: /Worker ready/,
    });
    this.workers.push(worker);
    return worker;
  }

  async stopWorkers(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop(signal)));
  }

  /** Ends all its processes at once. */
  async stop(): Promise<void> {
    await this.stopWorkers('SIGKILL');
    await Promise.all(this.apis.splice(0).map((api) => api.stop('SIGKILL')));
  }

  /** Jobs that have not ended. */
  async unfinished(): Promise<number> {
    const { rows } = await this.sql.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM jobs WHERE status IN ('PENDING', 'RUNNING')`,
    );
    return rows[0].count;
  }

  /** Waits until every job has ended. @throws Error when that takes ten minutes. */
  async drained(): Promise<void> {
    const isDrained = async (): Promise<boolean> => {
      await pause(drainPollMs);
      const { rowCount } = await this.sql.query(`SELECT FROM jobs WHERE status IN ('PENDING', 'RUNNING') LIMIT 1`);
      return rowCount === 0;
    };
    await until(isDrained, drainMs, 'all jobs to end');
  }

  /** What became of the jobs that were submitted since. @param since wall clock. @throws Error unless all succeeded. */
  async outcome(
    since: number,
  ): Promise<{ readonly count: number; readonly firstEndAt: number; readonly lastEndAt: number }> {
    const { rows } = await this.sql.query<{ count: number; failed: number; first: number; last: number }>(
      `SELECT count(*)::integer AS count, (count(*) FILTER (WHERE status <> 'SUCCESS'))::integer AS failed,
              (extract(epoch FROM min(finished_at)) * 1000)::float8 AS first,
              (extract(epoch FROM max(finished_at)) * 1000)::float8 AS last
       FROM jobs WHERE created_at >= to_timestamp($1 / 1000.0)`,
      [since],
    );
    const [{ count, failed, first, last }] = rows;
    if (failed > 0) throw new Error(`${failed} of ${count} jobs did not succeed.`);
    return { count, firstEndAt: first, lastEndAt: last };
  }

  /** Removes all jobs and doorbells. No worker may run, and no request may be under way. */
  async empty(): Promise<void> {
    await this.sql.query('TRUNCATE jobs, job_events, bullmq.job, bullmq.event CASCADE');
    await this.stage.emptyRedis();
  }
}

function placesOf(stage: Stage, database: DatabaseUrls): Environment {
  return {
    DATABASE_URL: database.url,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    QUEUE_BACKEND: stage.backend,
    QUEUE_PREFIX: `bench-${randomUUID().slice(0, 8)}`,
    ...(stage.backend === 'redis' && { REDIS_URL: stage.redisUrl }),
  };
}
