import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type { Pool } from 'pg';
import { until } from '../../faults/stage/processes.js';
import type { Child } from '../stage/child.js';
import type { Metered } from '../stage/cpu.js';
import type { Stage } from '../stage/stage.js';

/** The bare Nest application on Fastify. */
export async function startNestFastify(stage: Stage): Promise<{ readonly url: string; readonly metered: Metered[] }> {
  const app = await stage.start({
    name: 'nest-fastify',
    script: 'test/bench/peers/nest-fastify.ts',
    env: { NODE_ENV: 'production' },
  });
  return { url: app.said, metered: [{ name: 'api', pid: app.pid }] };
}

/** The application as most would write it, with a database of its own; BullMQ on Redis, as in its guide. */
export class UsualWay {
  private worker: Child | undefined;

  private constructor(
    private readonly stage: Stage,
    private readonly env: Readonly<Record<string, string>>,
    private readonly api: Child,
    readonly sql: Pool,
    readonly token: string,
  ) {}

  static async start(stage: Stage): Promise<UsualWay> {
    const { urls, sql } = await stage.database();
    // Its tables have names that Longhaul's have, too.
    await sql.query('DROP TABLE jobs CASCADE');
    const secret = randomBytes(32).toString('hex');
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: urls.adminUrl,
      REDIS_URL: stage.redisUrl,
      JWT_SECRET: secret,
    };
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('ann')
      .setExpirationTime('1d')
      .sign(Buffer.from(secret));
    const script = 'test/bench/peers/usual-way/main.ts';
    const api = await stage.start({ name: 'usual-way-api', script, arguments: ['api'], env });
    return new UsualWay(stage, env, api, sql, token);
  }

  get url(): string {
    return this.api.said;
  }

  get metered(): Metered[] {
    const worker = this.worker === undefined ? [] : [{ name: 'worker', pid: this.worker.pid }];
    return [{ name: 'api', pid: this.api.pid }, ...worker, ...this.stage.stores];
  }

  async startWorker(): Promise<void> {
    const script = 'test/bench/peers/usual-way/main.ts';
    this.worker = await this.stage.start({ name: 'usual-way-worker', script, arguments: ['worker'], env: this.env });
  }

  async stopWorker(): Promise<void> {
    await this.worker?.stop('SIGKILL');
    this.worker = undefined;
  }

  /** Writes jobs that have ended. @returns their ids. */
  async makeFinishedJobs(count: number): Promise<string[]> {
    const { rows } = await this.sql.query<{ id: string }>(
      `INSERT INTO jobs (type, status, "ownerId", input, result)
       SELECT 'noop', 'SUCCESS', 'ann', jsonb_build_object('n', number), '{}' FROM generate_series(1, $1) number
       RETURNING id`,
      [count],
    );
    return rows.map(({ id }) => id);
  }

  /** Waits until every job has ended. */
  async drained(): Promise<void> {
    const isDrained = async (): Promise<boolean> => {
      await pause(80);
      return (await this.sql.query(`SELECT FROM jobs WHERE status <> 'SUCCESS' LIMIT 1`)).rowCount === 0;
    };
    await until(isDrained, 600_000, 'all jobs of the usual way to end');
  }

  /** Jobs that were submitted since. @param since wall clock. */
  async outcome(since: number): Promise<{ readonly count: number; readonly lastEndAt: number }> {
    const { rows } = await this.sql.query<{ count: number; last: number }>(
      `SELECT count(*)::integer AS count, (extract(epoch FROM max("updatedAt" AT TIME ZONE 'UTC')) * 1000)::float8 AS last
       FROM jobs WHERE "createdAt" AT TIME ZONE 'UTC' >= to_timestamp($1 / 1000.0)`,
      [since],
    );
    return { count: rows[0].count, lastEndAt: rows[0].last };
  }

  /** Removes all jobs. No worker may run. */
  async empty(): Promise<void> {
    await this.sql.query('TRUNCATE jobs');
    await this.stage.emptyRedis();
  }
}
