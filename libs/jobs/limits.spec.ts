import { ConfigError, loadConfig, type Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { describeOnEachBackend } from '../../test/support/backends.js';
import type { JobEntity } from './job.entity.js';
import type { SubmitRequest } from './jobs.service.js';
import { RunningLimits } from './running-limits.js';
import {
  ended,
  gate,
  reached,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  until,
  type TestApi,
  type TestKind,
  type TestWorker,
} from './testing.js';

const ghost = { lane: 'any' as const, workerId: 'ghost', leaseSeconds: 600, perOwner: 0 };

describeOnEachBackend('running limits', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let workers: TestWorker[] = [];
  let finish = gate();
  /** At most three by its definition, two by the setting. */
  const narrow = testKind('narrow', () => finish.opened.then(() => ({})), { maxRunning: 3 });
  const wide = testKind('wide', () => finish.opened.then(() => ({})));

  beforeEach(async () => {
    finish = gate();
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      // Nothing here may be the merit of the timer.
      RECONCILE_SECONDS: 3_600,
    });
    api = await startTestApi(config, [narrow, wide]);
  });
  afterEach(async () => {
    finish.open();
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
    await api.close();
    await database.drop();
  });

  const worker = async (overrides: Partial<Config> = {}): Promise<TestWorker> => {
    const started = await startTestWorker({ ...config, ...overrides }, [narrow, wide]);
    workers.push(started);
    await started.reconciler.reconcile();
    return started;
  };

  /** A job whose doorbell was not rung, or has been used up, some time ago. */
  async function unrung(kind: TestKind, overrides: Partial<SubmitRequest> = {}): Promise<JobEntity> {
    const [job] = await api.store.insert([{ ...request(kind, overrides), id: uuidV7() }]);
    if (job === undefined) throw new Error('no row');
    return job;
  }

  it('hold over two workers, for every kind and every owner, until all jobs have ended', async () => {
    const limits = { MAX_RUNNING_PER_OWNER: 4, MAX_RUNNING_PER_KIND: new Map([['wide', 5]]) };
    await Promise.all([worker(limits), worker(limits)]);
    const wanted = ['ann', 'bob', 'cy'].flatMap((ownerId) =>
      [narrow, wide].flatMap((kind) => Array.from({ length: 15 }, () => request(kind, { ownerId }))),
    );
    const jobs = (await api.jobs.submitMany(wanted)).flatMap((answer) => ('job' in answer ? [answer.job] : []));
    expect(jobs).toHaveLength(wanted.length);
    // All places are taken before the first job may end.
    await until(async () => (await api.jobs.page({ status: ['RUNNING'], limit: 100 })).jobs.length === 3 + 5);
    finish.open();
    await Promise.all(jobs.map(({ id }) => ended(api, id)));
    const most = async (key: (job: JobEntity) => string) => mostAtOnce(api, jobs, key);
    expect((await most(({ kind }) => kind)).get('narrow')).toBe(3);
    expect((await most(({ kind }) => kind)).get('wide')).toBe(5);
    expect(Math.max(...(await most(({ ownerId }) => ownerId)).values())).toBeLessThanOrEqual(4);
  });

  it('let another worker go on when the one that held the only place stops', async () => {
    const one = { MAX_RUNNING_PER_KIND: new Map([['narrow', 1]]), DRAIN_SECONDS: 20 };
    const first = await worker(one);
    const running = await submitted(api, request(narrow));
    await reached(api, running.id, 'RUNNING');
    await worker(one);
    const waiting = await unrung(narrow);
    const stopped = first.close();
    finish.open();
    await stopped;
    expect(await ended(api, waiting.id)).toMatchObject({ status: 'SUCCESS' });
  });

  it.each([
    { limits: { MAX_RUNNING_PER_KIND: new Map([['narrow', 1]]) }, of: 'a kind' },
    { limits: { MAX_RUNNING_PER_OWNER: 1 }, of: 'an owner' },
  ])('of $of: what has no room is not rung for in vain, and rung for when there is', async ({ limits }) => {
    finish.open();
    const { ownerId } = await unrung(narrow, { ownerId: 'ann' });
    const lost = await api.claim({ ...ghost, kind: 'narrow', nonce: crypto.randomUUID() });
    const waiting = await Promise.all([unrung(narrow, { ownerId }), unrung(narrow, { ownerId })]);
    await aged(waiting);
    const { reconciler } = await worker(limits);
    expect(await reconciler.reconcile()).toMatchObject({ leading: true, rung: 0 });
    await api.jobs.cancel(lost?.id ?? '', 'an admin');
    expect((await reconciler.reconcile()).rung).toBeGreaterThan(0);
    for (const { id } of waiting) expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS' });
  });

  /** Their doorbells were rung a while ago, and lost. */
  async function aged(jobs: readonly JobEntity[]): Promise<void> {
    const client = new Client({ connectionString: database.adminUrl });
    await client.connect();
    const past = `now() - interval '1 minute'`;
    await client.query(`UPDATE jobs SET run_at = ${past}, enqueued_at = ${past} WHERE id = ANY($1)`, [
      jobs.map(({ id }) => id),
    ]);
    await client.end();
  }
});

/** The most of these jobs that were running at once, for each key, by the times of their events. */
async function mostAtOnce(
  api: TestApi,
  jobs: readonly JobEntity[],
  keyOf: (job: JobEntity) => string,
): Promise<Map<string, number>> {
  const changes: { at: Date; by: 1 | -1; key: string }[] = [];
  for (const job of jobs) {
    for (const { type, at } of await api.jobs.events(job.id, { limit: 100 })) {
      if (type === 'started') changes.push({ at, by: 1, key: keyOf(job) });
      else if (type === 'succeeded') changes.push({ at, by: -1, key: keyOf(job) });
    }
  }
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  // Ends before starts: what ended freed its place before the next could take it.
  for (const { by, key } of changes.sort((a, b) => a.at.getTime() - b.at.getTime() || a.by - b.by)) {
    running.set(key, (running.get(key) ?? 0) + by);
    most.set(key, Math.max(most.get(key) ?? 0, running.get(key) ?? 0));
  }
  return most;
}

describe('the setting of running limits', () => {
  const limitsOf = (text: string) => {
    const { definition } = testKind('narrow', () => Promise.resolve({}), { maxRunning: 3 });
    return new RunningLimits(loadConfig({ MAX_RUNNING_PER_KIND: text }), new Map([['narrow', definition]]));
  };

  it('comes before the definition of the kind; 0 is no limit', () => {
    expect(['', 'narrow=7', ' narrow = 0 ,'].map((text) => limitsOf(text).perKind('narrow'))).toEqual([3, 7, 0]);
  });

  it.each(['narrow', 'narrow=', 'narrow=-1', 'narrow=1.5', 'narrow=1,narrow=2', 'narrow=1;x=2', '=3', 'wode=1'])(
    'is refused when it is "%s"',
    (text) => expect(() => limitsOf(text)).toThrow(ConfigError),
  );
});
