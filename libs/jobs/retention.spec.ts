import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import type { JobStatus } from './job-status.js';
import {
  ended,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  type TestApi,
  type TestWorker,
} from './testing.js';

const kind = testKind('kept', () => Promise.resolve({ done: true }));

let database: TestDatabase;
let config: Config;
/** As the apps connect. */
let app: DataSource;
/** As the superuser, who may set clocks back. */
let admin: DataSource;
let api: TestApi;
let worker: TestWorker;

beforeAll(async () => {
  database = await testDatabase();
  config = testConfig(database, { RETENTION_DAYS: 30, REMOVED_GRACE_DAYS: 10, IDEMPOTENCY_HOURS: 24 });
  app = await new DataSource(appDataSourceOptions(config, [])).initialize();
  admin = await new DataSource({ type: 'postgres', url: database.adminUrl, installExtensions: false }).initialize();
  api = await startTestApi(config, [kind]);
  worker = await startTestWorker(config, [kind]);
});
beforeEach(() => admin.query('TRUNCATE jobs, job_events, removed_jobs'));
afterAll(async () => {
  await worker.close();
  await api.close();
  await app.destroy();
  await admin.destroy();
  await database.drop();
});

interface Old {
  readonly status?: JobStatus;
  /** How long ago it ended; of an unfinished one, began. */
  readonly days: number;
  readonly events?: number;
  readonly key?: string;
}

/** A job of long ago, with all its events. */
async function old({ status = 'SUCCESS', days, events = 3, key }: Old): Promise<string> {
  const id = randomUUID();
  const running = status === 'RUNNING';
  const finished = !running && status !== 'PENDING';
  await admin.query(
    `INSERT INTO jobs (id, kind, owner_id, input, status, timeout_seconds, max_attempts, last_seq, created_at, run_at,
                       finished_at, lease_expires_at, idempotency_key, request_hash)
     SELECT $1, 'unknown_here', 'ada', '{}', $2, 60, 1, $4, at, at, CASE WHEN $5 THEN at END,
            CASE WHEN $6 THEN now() + interval '1 hour' END, $7, $7
     FROM (SELECT now() - make_interval(days => $3)) AS past(at)`,
    [id, status, days, events, finished, running, key ?? null],
  );
  await admin.query(
    `INSERT INTO job_events (job_id, seq, type, actor, at)
     SELECT $1, seq, 'log', 'ada', now() - make_interval(days => $2) FROM generate_series(1, $3) seq`,
    [id, days, events],
  );
  return id;
}

const remove = async (days: number, jobs = 500, events = 5_000): Promise<number> => {
  const [row] = await app.query<{ removed: number }[]>(
    'SELECT remove_finished_jobs(make_interval(days => $1), $2, $3) AS removed',
    [days, jobs, events],
  );
  return row.removed;
};
const ids = async (table: 'jobs' | 'removed_jobs'): Promise<string[]> =>
  (await admin.query<{ id: string }[]>(`SELECT id FROM ${table}`)).map(({ id }) => id).sort();
const eventsLeft = async (): Promise<number> =>
  (await admin.query<{ count: number }[]>('SELECT count(*)::integer AS count FROM job_events'))[0].count;

describe('the function that removes jobs', () => {
  it('removes what ended before the limit, with its events, and notes the ids', async () => {
    const gone = [
      await old({ days: 31 }),
      await old({ days: 40, status: 'FAILED' }),
      await old({ days: 400, status: 'CANCELLED' }),
    ];
    const kept = await old({ days: 29, events: 4 });
    expect(await remove(30)).toBe(3);
    expect(await ids('jobs')).toEqual([kept]);
    expect(await ids('removed_jobs')).toEqual(gone.sort());
    expect(await eventsLeft()).toBe(4);
    expect(await remove(30)).toBe(0);
  });

  it('never removes an unfinished job, however old', async () => {
    await old({ days: 4_000, status: 'PENDING' });
    await old({ days: 4_000, status: 'RUNNING' });
    expect(await remove(1)).toBe(0);
    expect(await eventsLeft()).toBe(6);
  });

  it.each(['0', '23 hours', '-5 days'])('refuses a limit of %s, so that nobody can wipe fresh history', async (age) => {
    await old({ days: 0 });
    await expect(app.query('SELECT remove_finished_jobs($1, 500, 5000)', [age])).rejects.toThrow('less than a day ago');
    await expect(app.query('SELECT remove_finished_jobs(NULL, 500, 5000)')).rejects.toThrow('less than a day ago');
  });

  it('goes by the events, which the apps cannot change, when finished_at was set back', async () => {
    const id = await old({ days: 0 });
    await app.query(`UPDATE jobs SET finished_at = now() - interval '10 years' WHERE id = $1`, [id]);
    expect(await remove(1)).toBe(0);
  });

  it('is not led astray by tables of the caller', async () => {
    const runner = app.createQueryRunner();
    await runner.query('CREATE TEMP TABLE removed_jobs (id uuid, owner_id text)');
    const id = await old({ days: 31 });
    await runner.query(`SELECT remove_finished_jobs('30 days', 500, 5000)`);
    await runner.query('DROP TABLE pg_temp.removed_jobs');
    await runner.release();
    expect(await ids('removed_jobs')).toEqual([id]);
  });

  it('takes the oldest first, as many jobs and about as many events as it is told', async () => {
    const [second, first] = [await old({ days: 50 }), await old({ days: 60 })];
    const large = await old({ days: 40, events: 100 });
    const last = await old({ days: 35 });
    expect(await remove(30, 1)).toBe(1);
    expect(await ids('removed_jobs')).toEqual([first]);
    // One job at least, however large, and none more once there are events enough.
    expect(await remove(30, 500, 2)).toBe(1);
    expect(await ids('removed_jobs')).toEqual([first, second].sort());
    expect(await remove(30, 500, 50)).toBe(1);
    expect(await ids('removed_jobs')).toEqual([first, second, large].sort());
    expect(await ids('jobs')).toEqual([last]);
  });

  it('passes over a job that somebody has locked, and does not wait', async () => {
    const [locked, free] = [await old({ days: 50 }), await old({ days: 40 })];
    await admin.transaction(async (other) => {
      await other.query('SELECT FROM jobs WHERE id = $1 FOR UPDATE', [locked]);
      expect(await remove(30)).toBe(1);
    });
    expect(await ids('removed_jobs')).toEqual([free]);
    expect(await remove(30)).toBe(1);
  });

  it('leaves a FAILED job that is started again at the same moment', async () => {
    const id = await old({ days: 50, status: 'FAILED' });
    const [requeued, removed] = await Promise.all([api.store.requeue(id, 'admin'), remove(30)]);
    expect(removed).toBe(requeued === null ? 1 : 0);
    expect(await ids('jobs')).toEqual(requeued === null ? [] : [id]);
    expect(await eventsLeft()).toBe(requeued === null ? 0 : 4);
  });
});

describe('a sweep', () => {
  it('removes old jobs batch by batch, and forgets old ids', async () => {
    await Promise.all(Array.from({ length: 12 }, () => old({ days: 31, events: 1_000 })));
    await admin.query(`INSERT INTO removed_jobs VALUES ($1, 'ada', now() - interval '11 days')`, [randomUUID()]);
    expect(await worker.retention.sweep()).toEqual({ leading: true, jobs: 12, keys: 0, forgotten: 1 });
    expect(await ids('jobs')).toEqual([]);
    expect(await ids('removed_jobs')).toHaveLength(12);
    expect(await eventsLeft()).toBe(0);
  });

  it('keeps everything where RETENTION_DAYS is 0', async () => {
    await worker.close();
    worker = await startTestWorker({ ...config, RETENTION_DAYS: 0 }, [kind]);
    await old({ days: 4_000 });
    expect(await worker.retention.sweep()).toMatchObject({ leading: true, jobs: 0 });
    await worker.close();
    worker = await startTestWorker(config, [kind]);
  });

  it('is made by one of two workers', async () => {
    const other = await startTestWorker(config, [kind]);
    const leading = [await worker.retention.sweep(), await other.retention.sweep()].map((sweep) => sweep.leading);
    expect(leading).toEqual([true, false]);
    await other.close();
  });

  it('forgets a key a day after its job has ended; an unfinished job keeps its key', async () => {
    const kept = [
      await old({ days: 0, key: 'fresh' }),
      await old({ days: 9, key: 'waits', status: 'PENDING' }),
      await old({ days: 9, key: 'runs', status: 'RUNNING' }),
    ];
    await old({ days: 2, key: 'old' });
    expect(await worker.retention.sweep()).toMatchObject({ keys: 1, jobs: 0 });
    const withKey = await admin.query<{ id: string }[]>(
      'SELECT id FROM jobs WHERE idempotency_key IS NOT NULL AND request_hash IS NOT NULL',
    );
    expect(withKey.map(({ id }) => id).sort()).toEqual(kept.sort());
  });

  it('makes a submit with the key of a removed job a new one', async () => {
    const wanted = request(kind, { ownerId: 'ada', idempotencyKey: 'again', requestHash: 'h' });
    const first = await submitted(api, wanted);
    await ended(api, first.id);
    await admin.query(`UPDATE jobs SET finished_at = now() - interval '31 days' WHERE id = $1`, [first.id]);
    await admin.query(`UPDATE job_events SET at = now() - interval '31 days' WHERE job_id = $1`, [first.id]);
    expect(await api.jobs.submit(wanted)).toMatchObject({ outcome: 'replayed' });
    expect(await remove(30)).toBe(1);
    expect((await submitted(api, wanted)).id).not.toBe(first.id);
  });
});
