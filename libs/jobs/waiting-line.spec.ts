import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { v7 as uuidV7 } from 'uuid';
import { Client } from 'pg';
import type { JobEntity } from './job.entity.js';
import { request, startTestApi, testKind, type TestApi } from './testing.js';
import type { SubmitRequest } from './jobs.service.js';

const kind = testKind('queued', () => Promise.resolve({}), { maxRunning: 2 });

describe('the line of a kind', () => {
  let database: TestDatabase;
  let api: TestApi;
  let sql: Client;

  beforeEach(async () => {
    database = await testDatabase();
    api = await startTestApi(testConfig(database), [kind]);
    sql = new Client({ connectionString: database.adminUrl });
    await sql.connect();
  });
  afterEach(async () => {
    await sql.end();
    await api.close();
    await database.drop();
  });

  const queued = (overrides: readonly Partial<SubmitRequest>[]): Promise<JobEntity[]> =>
    api.store.insert(overrides.map((fields) => ({ ...request(kind, fields), id: uuidV7() })));

  /** Ended jobs that took so long, and as many running ones. */
  async function history(ranSeconds: readonly number[], running: number): Promise<void> {
    const jobs = await queued(Array.from({ length: ranSeconds.length + running }, () => ({ priority: 100 })));
    const claims = { kind: 'queued', lane: 'any' as const, workerId: 'w', leaseSeconds: 60, perOwner: 0 };
    for (const [index] of jobs.entries()) {
      const job = await api.claim({ ...claims, nonce: uuidV7() });
      const seconds = ranSeconds[index];
      if (job === null || seconds === undefined) continue;
      await api.attempts.succeed(job, {}, { progress: null, events: [] }, 'w');
      await sql.query(`UPDATE jobs SET started_at = finished_at - make_interval(secs => $2) WHERE id = $1`, [
        job.id,
        seconds,
      ]);
    }
  }

  it('is counted by priority and age, without those that are not due', async () => {
    const later = { runAt: new Date(Date.now() + 60_000) };
    await queued([{ ...later, priority: 9 }, { ...later, priority: 3 }, later]);
    const [first] = await queued([{ priority: 3 }]);
    const [second] = await queued([{ priority: 3 }]);
    const [third] = await queued([{}]);
    const [planned] = await queued([later]);
    const places = [first, second, third, planned].map((job) => job && api.jobs.placeInLine(job));
    expect((await Promise.all(places)).map((place) => place?.position ?? null)).toEqual([1, 2, 3, null]);
  });

  it('has no estimate while nothing is known, and none beyond a thousand', async () => {
    await queued(Array.from({ length: 1_000 }, () => ({})));
    const [last] = await queued([{}]);
    expect(await api.jobs.placeInLine(last)).toEqual({ position: 1_001, estimatedWaitSeconds: null });
    const [urgent] = await queued([{ priority: 1 }]);
    expect(await api.jobs.placeInLine(urgent)).toEqual({ position: 1, estimatedWaitSeconds: null });
  });

  it.each([
    { running: 0, estimate: null, because: 'nothing runs, so nobody knows' },
    { running: 1, estimate: 150, because: 'one runs at a time' },
    { running: 2, estimate: 80, because: 'two run at once' },
    { running: 4, estimate: 80, because: 'no more than two may run at once' },
  ])('takes the mean time of its kind for each place: $because', async ({ running, estimate }) => {
    await history([30, 70], running);
    const [, , third] = await queued([{}, {}, {}]);
    expect(await api.jobs.placeInLine(third)).toEqual({ position: 3, estimatedWaitSeconds: estimate });
  });
});
