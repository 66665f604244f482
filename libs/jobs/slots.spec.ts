import type { Job } from 'bullmq';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { v7 as uuidV7 } from 'uuid';
import { describeOnEachBackend } from '../../test/support/backends.js';
import type { JobEntity } from './job.entity.js';
import type { Doorbell } from './queue.js';
import {
  ended,
  gate,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  type TestApi,
  type TestKind,
  type TestWorker,
} from './testing.js';
import type { SubmitRequest } from './jobs.service.js';

describeOnEachBackend('a slot', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let worker: TestWorker;
  const release = gate();
  const quick = testKind('quick', () => Promise.resolve({}));
  const slow = testKind('slow', () => release.opened.then(() => ({})));

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      MAX_RUNNING_PER_OWNER: 1,
      // Nothing here may be the reconciler's merit.
      RECONCILE_SECONDS: 3_600,
    });
    api = await startTestApi(config, [quick, slow]);
    worker = await startTestWorker(config, [quick, slow]);
    await worker.reconciler.reconcile();
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    await database.drop();
  });

  /** A job whose doorbell was not rung, or has been used up. */
  async function unrung(kind: TestKind, overrides: Partial<SubmitRequest> = {}): Promise<JobEntity> {
    const [job] = await api.store.insert([{ ...request(kind, overrides), id: uuidV7() }]);
    if (job === undefined) throw new Error('no row');
    return job;
  }

  it('an early doorbell whose slot served another job is rung again', async () => {
    const early = await unrung(quick, { runAt: new Date(Date.now() + 1_000) });
    const other = await unrung(quick);
    const handler = { kind: quick.definition, handle: () => Promise.resolve({ by: 'the early doorbell' }) };
    const delivery = { data: { jobId: early.id, dispatch: early.dispatch } } as Job<Doorbell>;
    await worker.runner.serve(handler, delivery);
    expect(await ended(api, other.id)).toMatchObject({ result: { by: 'the early doorbell' } });
    expect(await ended(api, early.id)).toMatchObject({ status: 'SUCCESS', result: {} });
  });

  it('an owner at the limit goes on with a job of another kind when one ends', async () => {
    const first = await submitted(api, request(slow));
    await api.jobs.wait(first, { until: 'change', timeoutMs: 10_000 });
    const blocked = await unrung(quick, { ownerId: first.ownerId });
    release.open();
    await ended(api, first.id);
    expect(await ended(api, blocked.id)).toMatchObject({ status: 'SUCCESS' });
  });
});
