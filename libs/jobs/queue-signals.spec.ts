import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { JobEntity } from './job.entity.js';
import { QueueSignals } from './queue-signals.js';
import { testKind } from './testing.js';

const kinds = ['errand', 'idle'].map((name) => testKind(name, () => Promise.resolve({})).definition);

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  source = await new DataSource(appDataSourceOptions(testConfig(database), [JobEntity])).initialize();
  await jobs(3, { status: 'PENDING', runAt: -120 });
  await jobs(2, { status: 'PENDING', runAt: 3_600 });
  await jobs(1, { status: 'RUNNING' });
  await jobs(5, { status: 'SUCCESS', finished: -60 });
  await jobs(3, { status: 'FAILED', finished: -60 });
  await jobs(1, { status: 'CANCELLED', finished: -60 });
  await jobs(7, { status: 'FAILED', finished: -400 });
  await jobs(2, { status: 'FAILED', finished: -1, kind: 'unheard_of' });
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

/** Times in seconds from now. */
async function jobs(
  count: number,
  {
    status,
    kind = 'errand',
    runAt = 0,
    finished,
  }: { status: string; kind?: string; runAt?: number; finished?: number },
): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await source.query(
      `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, run_at, finished_at,
                         lease_expires_at)
       VALUES ($1, $2, $3, 'ada', '{}', 60, 1, 1, now() + make_interval(secs => $4), now() + make_interval(secs => $5),
               CASE WHEN $3 = 'RUNNING' THEN now() END)`,
      [uuidV7(), kind, status, runAt, finished ?? null],
    );
  }
}

function signalsWith(limits: Partial<Config> = {}): QueueSignals {
  const registry = new Map(kinds.map((kind) => [kind.name, kind]));
  return new QueueSignals(testConfig(database, limits), registry, source.getRepository(JobEntity));
}

it('counts what waits, runs and has ended lately, of idle and of unknown kinds too', async () => {
  const none = { pending: 0, due: 0, oldestPendingSeconds: 0, running: 0, succeeded: 0, failed: 0, failedRate: null };
  const [errand, ...others] = await signalsWith().read();
  expect(errand).toEqual({
    ...{ kind: 'errand', pending: 5, due: 3, running: 1, succeeded: 5, failed: 3, failedRate: 37.5 },
    oldestPendingSeconds: expect.any(Number),
  });
  expect(errand.oldestPendingSeconds).toBeGreaterThanOrEqual(120);
  expect(errand.oldestPendingSeconds).toBeLessThan(180);
  expect(others).toEqual([
    { kind: 'idle', ...none },
    { kind: 'unheard_of', ...none, failed: 2, failedRate: 100 },
  ]);
});

it.each<[string, Partial<Config>, string[]]>([
  ['both', { ALERT_FAILED_RATE: 37, ALERT_OLDEST_PENDING_SECONDS: 100 }, ['failed_rate', 'oldest_pending_seconds']],
  ['the rate', { ALERT_FAILED_RATE: 37, ALERT_OLDEST_PENDING_SECONDS: 1_000 }, ['failed_rate']],
  ['the wait', { ALERT_FAILED_RATE: 38, ALERT_OLDEST_PENDING_SECONDS: 100 }, ['oldest_pending_seconds']],
  ['nothing when that is off', { ALERT_FAILED_RATE: 0, ALERT_OLDEST_PENDING_SECONDS: 0 }, []],
])('warns of %s at its limit, and never of a rate of two failures', async (_what, limits, expected) => {
  const signals = signalsWith(limits);
  const alerts = signals.alertsOf(await signals.read());
  expect(alerts.map(({ signal }) => signal)).toEqual(expected);
  expect(new Set(alerts.map(({ kind }) => kind))).toEqual(new Set(expected.length > 0 ? ['errand'] : []));
});

it('counts for metrics what waits at any priority, and failed jobs of each kind, without what ended', async () => {
  await source.query(`UPDATE jobs SET priority = 7 WHERE id = (
    SELECT id FROM jobs WHERE kind = 'errand' AND status = 'PENDING' AND run_at < now() LIMIT 1)`);
  const signals = signalsWith();
  const { kind, pending, due, running, oldestPendingSeconds } = (await signals.read())[0];
  const none = { scheduled: 0, due: 0, paused: 0, oldestPendingSeconds: 0, running: 0 };
  expect(await signals.depth()).toEqual([
    { kind, scheduled: pending - due, due, paused: 0, running, oldestPendingSeconds: expect.any(Number) },
    { kind: 'idle', ...none },
  ]);
  expect(oldestPendingSeconds - (await signals.depth())[0].oldestPendingSeconds).toBeLessThanOrEqual(0);
  const failed = await signals.failed();
  expect(failed.toSorted((one, other) => one.kind.localeCompare(other.kind))).toEqual([
    { kind: 'errand', count: 10 },
    { kind: 'unheard_of', count: 2 },
  ]);
});

it('counts for metrics what is due of a paused kind apart: no worker may take it', async () => {
  const signals = signalsWith();
  const [{ due, ...others }] = await signals.depth();
  await source.query(`INSERT INTO paused_kinds (kind, paused_by) VALUES ('errand', 'ada')`);
  const [paused] = await signals.depth();
  await source.query('DELETE FROM paused_kinds');
  expect(paused).toEqual({ ...others, due: 0, paused: due, oldestPendingSeconds: expect.any(Number) });
  expect(paused.oldestPendingSeconds).toBeGreaterThanOrEqual(120);
});

it('counts at most 10,000 failed jobs of a kind, and those of others all the same', async () => {
  await source.query(
    `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, finished_at, error)
     SELECT gen_random_uuid(), 'idle', 'FAILED', 'ada', '{}', 60, 1, 1, now() - interval '1 day',
            jsonb_build_object('code', 'e' || n % 2, 'message', 'no')
     FROM generate_series(1, 10050) n`,
  );
  const failed = new Map((await signalsWith().failed()).map(({ kind, count }) => [kind, count]));
  expect(failed.get('idle')).toBe(10_000);
  expect(failed.get('errand')).toBe(10);
});
