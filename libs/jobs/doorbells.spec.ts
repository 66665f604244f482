import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { describeOnEachBackend } from '../../test/support/backends.js';
import { enoughDoorbells } from './doorbells.js';
import type { Ring } from './queue.js';
import {
  ended,
  gate,
  reached,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  type TestApi,
  type TestWorker,
} from './testing.js';

describeOnEachBackend('doorbells', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let workers: TestWorker[] = [];
  let finish = gate();
  const errand = testKind('errand', () => finish.opened.then(() => ({})));

  beforeEach(async () => {
    finish = gate();
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      WORKER_CONCURRENCY: 1,
      // Nothing here may be the merit of the timer.
      RECONCILE_SECONDS: 3_600,
    });
    api = await startTestApi(config, [errand]);
  });
  afterEach(async () => {
    finish.open();
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
    await api.close();
    await database.drop();
  });

  const worker = async (): Promise<TestWorker> => {
    const started = await startTestWorker(config, [errand]);
    workers.push(started);
    await started.reconciler.reconcile();
    return started;
  };
  const waiting = () => api.doorbells.waiting('errand');
  const rings = (count: number, delayMs = 0): Ring[] =>
    Array.from({ length: count }, () => ({ kind: 'errand', jobId: uuidV7(), dispatch: 1, delayMs }));

  /** Jobs for which nobody has rung. */
  async function unrung(count: number): Promise<string[]> {
    const jobs = Array.from({ length: count }, () => ({ ...request(errand), id: uuidV7() }));
    await api.store.insert(jobs);
    return jobs.map(({ id }) => id);
  }

  it('are rung until enough of them wait; the delayed ones always', async () => {
    await api.doorbells.ring(rings(enoughDoorbells - 10));
    await api.doorbells.ring(rings(7));
    expect(await waiting()).toBe(enoughDoorbells - 3);
    await api.doorbells.ring([...rings(50), ...rings(2, 3_600_000)]);
    await api.doorbells.ring(rings(5));
    expect(await waiting()).toBe(enoughDoorbells);
  });

  it('lead to jobs that none was rung for', async () => {
    finish.open();
    const ids = await unrung(30);
    await api.doorbells.ring(rings(1));
    await worker();
    for (const id of ids) expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('go to another worker when theirs stops beside due jobs', async () => {
    const first = await worker();
    const running = await submitted(api, request(errand));
    await reached(api, running.id, 'RUNNING');
    const ids = await unrung(10);
    await worker();
    const stopped = first.close();
    finish.open();
    await stopped;
    expect(await ended(api, running.id)).toMatchObject({ status: 'SUCCESS', fence: 1 });
    for (const id of ids) expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('are rung by the reconciler only when fewer wait than jobs are due', async () => {
    const { reconciler } = await worker();
    const running = await submitted(api, request(errand));
    await reached(api, running.id, 'RUNNING');
    await unrung(5);
    await api.doorbells.ring(rings(2));
    await aged();
    expect(await reconciler.reconcile()).toMatchObject({ leading: true, rung: 3 });
    expect(await waiting()).toBe(5);
    await aged();
    expect(await reconciler.reconcile()).toMatchObject({ leading: true, rung: 0 });
  });

  /** Nobody has rung for a while. */
  async function aged(): Promise<void> {
    const client = new Client({ connectionString: database.adminUrl });
    await client.connect();
    const past = `now() - interval '1 minute'`;
    await client.query(`UPDATE jobs SET run_at = ${past}, enqueued_at = ${past} WHERE status = 'PENDING'`);
    await client.end();
  }
});
