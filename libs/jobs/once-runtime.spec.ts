import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOnEachBackend } from '../../test/support/backends.js';
import { ended, reached, request, startTestApi, startTestOnce, submitted, testKind, type TestApi } from './testing.js';

const first = testKind('first', () => Promise.resolve({ from: 'first' }));
const second = testKind('second', ({ signal }) => untilAborted(signal));

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describeOnEachBackend('a worker for one job', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, { QUEUE_BACKEND: backend, WORKER_ONCE: true, QUEUE_PREFIX: `once-${Date.now()}` });
    api = await startTestApi(config, [first, second]);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  test('runs one due job of its kinds to its end, and leaves the others', async () => {
    const jobs = [await submitted(api, request(first)), await submitted(api, request(first))];
    const once = await startTestOnce(config, [first, second], [first]);
    await once.ended;
    await once.close();
    const statuses = (await Promise.all(jobs.map(({ id }) => api.jobs.find(id)))).map((job) => job?.status);
    expect(statuses.sort()).toEqual(['PENDING', 'SUCCESS']);
    const next = await startTestOnce(config, [first, second], [first]);
    await next.ended;
    await next.close();
    for (const { id } of jobs) expect((await ended(api, id)).result).toEqual({ from: 'first' });
  });

  test('ends when nothing is due', async () => {
    const once = await startTestOnce(config, [first, second], [first]);
    await expect(once.ended).resolves.toBeUndefined();
    await once.close();
  });

  test('hands its job over when it is stopped', async () => {
    const job = await submitted(api, request(second));
    const once = await startTestOnce({ ...config, DRAIN_SECONDS: 0 }, [first, second], [second]);
    await reached(api, job.id, 'RUNNING');
    await once.close();
    expect(await api.jobs.find(job.id)).toMatchObject({ status: 'PENDING', attempts: 0 });
  });
});
