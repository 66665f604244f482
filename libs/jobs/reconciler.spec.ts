import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOnEachBackend } from '../../test/support/backends.js';
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

describeOnEachBackend('the reconciler', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let worker: TestWorker | null = null;
  const kind = testKind('errand', () => Promise.resolve({ done: true }));

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      LEASE_SECONDS: 4,
      HEARTBEAT_SECONDS: 1,
      RECONCILE_SECONDS: 1,
    });
    api = await startTestApi(config, [kind]);
  });
  afterEach(async () => {
    await worker?.close();
    worker = null;
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  /** As FLUSHALL, or a restart without persistence, would. */
  async function wipeQueue(): Promise<void> {
    if (backend === 'redis') {
      const redis = new Redis(config.REDIS_URL);
      const keys = await redis.keys(`${config.QUEUE_PREFIX}:*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
    } else {
      await asAdmin('TRUNCATE bullmq.job CASCADE');
    }
  }

  async function asAdmin(sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: database.adminUrl });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('a wiped queue loses nothing', async () => {
    const answers = await api.jobs.submitMany(Array.from({ length: 50 }, () => request(kind)));
    await wipeQueue();
    worker = await startTestWorker(config, [kind]);
    for (const answer of answers) {
      if (!('job' in answer)) throw new Error(answer.outcome);
      expect(await ended(api, answer.job.id)).toMatchObject({ status: 'SUCCESS', attempts: 1 });
    }
  });

  it('starts the job of a vanished worker again, with its attempt given back', async () => {
    const { id } = await submitted(api, request(kind, { maxAttempts: 1 }));
    await wipeQueue();
    const ghost = {
      kind: 'errand',
      lane: 'any' as const,
      workerId: 'ghost',
      nonce: crypto.randomUUID(),
      leaseSeconds: 1,
      perOwner: 0,
    };
    expect((await api.claim(ghost))?.id).toBe(id);
    worker = await startTestWorker(config, [kind]);
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1, recoveries: 1, fence: 2 });
  });

  it('recovers the job of a vanished worker although its deadline has passed meanwhile', async () => {
    const { id } = await submitted(api, request(kind, { maxAttempts: 1 }));
    await wipeQueue();
    const ghost = { kind: 'errand', lane: 'any' as const, workerId: 'ghost', leaseSeconds: 0, perOwner: 0 };
    await api.claim({ ...ghost, nonce: crypto.randomUUID() });
    await asAdmin(`UPDATE jobs SET deadline_at = now() - interval '1 minute' WHERE id = '${id}'`);
    worker = await startTestWorker(config, [kind]);
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1, recoveries: 1 });
  });

  it('ends a job whose worker does not keep its deadline', async () => {
    const { id } = await submitted(api, request(kind));
    await wipeQueue();
    const claim = {
      kind: 'errand',
      lane: 'any' as const,
      workerId: 'dawdler',
      nonce: crypto.randomUUID(),
      leaseSeconds: 600,
      perOwner: 0,
    };
    await api.claim(claim);
    await asAdmin(`UPDATE jobs SET deadline_at = now() - interval '1 minute' WHERE id = '${id}'`);
    worker = await startTestWorker(config, [kind]);
    expect(await ended(api, id)).toMatchObject({ status: 'FAILED', error: { code: 'timeout' } });
  });

  it('leaves jobs of kinds that it does not know alone', async () => {
    await asAdmin(`INSERT INTO jobs (id, kind, owner_id, input, timeout_seconds, max_attempts, last_seq, run_at, enqueued_at)
                   VALUES (gen_random_uuid(), 'from_the_future', 'o', '{}', 1, 1, 1, now() - interval '1 h', now() - interval '1 h')`);
    worker = await startTestWorker(config, [kind]);
    await worker.reconciler.reconcile();
    expect(await asAdmin(`SELECT status, dispatch FROM jobs WHERE kind = 'from_the_future'`)).toEqual([
      { status: 'PENDING', dispatch: 1 },
    ]);
  });

  it('has one leader at a time, and another one when it stops', async () => {
    const first = await startTestWorker(config, [kind]);
    const second = await startTestWorker(config, [kind]);
    const rounds = [await first.reconciler.reconcile(), await second.reconciler.reconcile()];
    expect(rounds.filter(({ leading }) => leading)).toHaveLength(1);
    const [leader, other] = rounds[0]?.leading ? [first, second] : [second, first];
    await leader.close();
    expect(await other.reconciler.reconcile()).toMatchObject({ leading: true });
    await other.close();
  });
});
