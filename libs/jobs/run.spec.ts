import { describeOnEachBackend } from '../../test/support/backends.js';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { PermanentError, RetryableError } from './job-errors.js';
import type { JobEvent } from './job-event.js';
import {
  ended,
  gate,
  request,
  reached,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  until,
  type TestApi,
  type TestHandler,
  type TestWorker,
} from './testing.js';

describeOnEachBackend('a job', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let workers: TestWorker[] = [];
  let handle: TestHandler;
  const kind = testKind('probe', (context) => handle(context));

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      RETRY_BASE_MS: 5,
      RETRY_CAP_MS: 10,
      DRAIN_SECONDS: 0,
      MAX_RESULT_BYTES: 10_000,
      HEARTBEAT_SECONDS: 1,
      LEASE_SECONDS: 4,
    });
    api = await startTestApi(config, [kind]);
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  const worker = async (overrides: Partial<Config> = {}): Promise<TestWorker> => {
    const started = await startTestWorker({ ...config, ...overrides }, [kind]);
    workers.push(started);
    return started;
  };
  const eventsOf = (id: string): Promise<JobEvent[]> => api.jobs.events(id, { limit: 1000 });
  const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type);

  it('runs to SUCCESS and keeps its history without gaps', async () => {
    handle = async (context) => {
      context.log('info', 'working', { step: 1 });
      context.progress({ current: 1, total: 4, message: 'a quarter' });
      await context.checkpoint({ step: 1 });
      return { answer: 42 };
    };
    await worker();
    const job = await ended(api, (await submitted(api, request(kind))).id);
    expect(job).toMatchObject({ status: 'SUCCESS', result: { answer: 42 }, attempts: 1, progress: { percent: 25 } });
    const events = await eventsOf(job.id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual(['submitted', 'started', 'log', 'progress', 'succeeded']);
    expect(events.at(-1)?.seq).toBe(job.lastSeq);
  });

  it('is retried with the attempts it has, then fails', async () => {
    handle = () => Promise.reject(new RetryableError('flaky', 'not now'));
    await worker();
    const job = await ended(api, (await submitted(api, request(kind))).id);
    expect(job).toMatchObject({ status: 'FAILED', attempts: 3, error: { code: 'flaky', retryable: true } });
    expect(await typesOf(job.id)).toEqual([
      'submitted',
      'started',
      'retry_scheduled',
      'started',
      'retry_scheduled',
      'started',
      'failed',
    ]);
  });

  it('fails at once on a permanent error, and can be requeued for a new round', async () => {
    handle = () => Promise.reject(new PermanentError('nonsense', 'cannot be done'));
    await worker();
    const { id } = await submitted(api, request(kind));
    expect(await ended(api, id)).toMatchObject({ status: 'FAILED', attempts: 1, error: { code: 'nonsense' } });
    handle = () => Promise.resolve({ ok: true });
    await api.jobs.requeue(id, 'an admin');
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1, error: null });
  });

  it('is FAILED with code timeout when an attempt takes too long', async () => {
    handle = ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    await worker();
    const job = await ended(api, (await submitted(api, request(kind, { timeoutSeconds: 1 }))).id);
    expect(job).toMatchObject({ status: 'FAILED', attempts: 1, error: { code: 'timeout', retryable: false } });
  });

  it('a handler that ignores its deadline is FAILED with code timeout, whatever it returns', async () => {
    handle = ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ too: 'late' })));
    await worker();
    const job = await ended(api, (await submitted(api, request(kind, { timeoutSeconds: 1 }))).id);
    expect(job).toMatchObject({ status: 'FAILED', result: null, error: { code: 'timeout' } });
  });

  it('fails honestly when its result is too large', async () => {
    handle = () => Promise.resolve({ text: 'x'.repeat(20_000) });
    await worker();
    const job = await ended(api, (await submitted(api, request(kind))).id);
    expect(job).toMatchObject({ status: 'FAILED', result: null, error: { code: 'result_too_large' } });
  });

  it('keeps what jsonb cannot hold as replacement characters', async () => {
    handle = (context) => {
      context.log('info', 'a\u0000b\ud800c', { text: '\u0000 \\u0000' });
      return Promise.resolve({ text: 'a\u0000b\ud800c' });
    };
    await worker();
    const job = await ended(api, (await submitted(api, request(kind))).id);
    expect(job.result).toEqual({ text: 'a\ufffdb\ufffdc' });
    const log = (await eventsOf(job.id)).find(({ type }) => type === 'log');
    expect(log).toMatchObject({ message: 'a\ufffdb\ufffdc', data: { text: '\ufffd \\u0000' } });
  });

  it('starts at its run_at and not before', async () => {
    handle = () => Promise.resolve({});
    await worker();
    const { id, createdAt } = await submitted(api, request(kind, { runAt: new Date(Date.now() + 1_500) }));
    const job = await ended(api, id);
    expect(job.startedAt!.getTime() - createdAt.getTime()).toBeGreaterThanOrEqual(1_400);
  });

  it('goes on from its checkpoint on another worker, without using up an attempt, when its worker is stopped', async () => {
    const saved = gate();
    handle = async (context) => {
      if (context.restored !== null) return { restored: context.restored, attempt: context.attempt };
      await context.checkpoint({ page: 7 });
      saved.open();
      return new Promise((_resolve, reject) =>
        context.signal.addEventListener('abort', () => reject(context.signal.reason as Error)),
      );
    };
    const first = await worker();
    const { id } = await submitted(api, request(kind, { maxAttempts: 1 }));
    await saved.opened;
    const second = worker();
    await first.close();
    await second;
    const job = await ended(api, id);
    expect(job).toMatchObject({ status: 'SUCCESS', attempts: 1, recoveries: 0 });
    expect(job.result).toEqual({ restored: { page: 7 }, attempt: 1 });
    expect(await typesOf(id)).toContain('handed_over');
  });

  it('a cancelled job stays cancelled when its handler returns a result', async () => {
    const started = gate<AbortSignal>();
    const finish = gate();
    handle = async ({ signal }) => {
      started.open(signal);
      await finish.opened;
      return { too: 'late' };
    };
    await worker();
    const { id } = await submitted(api, request(kind));
    const signal = await started.opened;
    expect(await api.jobs.cancel(id, 'an admin')).toBe('cancelled');
    expect(await api.jobs.cancel(id, 'an admin')).toBe('already_cancelled');
    await aborted(signal);
    finish.open();
    await Promise.all(workers.map((one) => one.close()));
    workers = [];
    const job = await api.jobs.find(id);
    expect(job).toMatchObject({ status: 'CANCELLED', result: null, leaseExpiresAt: null });
    expect(await typesOf(id)).toEqual(['submitted', 'started', 'cancelled']);
  });

  it('a worker that lost its lease cannot complete the job', async () => {
    const first = gate<AbortSignal>();
    const finish = gate();
    let runs = 0;
    handle = async ({ signal, fence }) => {
      runs += 1;
      if (runs > 1) return { by: fence };
      first.open(signal);
      await finish.opened;
      return { by: fence };
    };
    // Its heartbeat comes too late on purpose: the lease runs out while the handler is at work.
    await worker({ LEASE_SECONDS: 2, HEARTBEAT_SECONDS: 600 });
    const { id } = await submitted(api, request(kind));
    const signal = await first.opened;
    await worker();
    await until(async () => {
      // Only the leader does anything, whichever of the two it is.
      await Promise.all(workers.map(({ reconciler }) => reconciler.reconcile()));
      return (await api.jobs.find(id))?.recoveries === 1;
    });
    await aborted(signal);
    finish.open();
    const job = await ended(api, id);
    expect(job).toMatchObject({ status: 'SUCCESS', result: { by: 2 }, fence: 2, attempts: 1, recoveries: 1 });
    expect((await typesOf(id)).filter((type) => type === 'succeeded')).toHaveLength(1);
  });

  it('is quarantined when its workers keep vanishing', async () => {
    const { id } = await submitted(api, request(kind));
    // A worker that takes the job and is never heard of again.
    const ghost = {
      kind: 'probe',
      lane: 'any' as const,
      workerId: 'ghost',
      leaseSeconds: 0,
      perOwner: 0,
      nonce: crypto.randomUUID(),
    };
    expect((await api.claim(ghost))?.id).toBe(id);
    const { reconciler } = await worker({ MAX_RECOVERIES: 0 });
    await until(async () => {
      await reconciler.reconcile();
      return (await api.jobs.find(id))?.status === 'FAILED';
    });
    expect(await api.jobs.find(id)).toMatchObject({ error: { code: 'quarantined' }, recoveries: 0 });
  });

  it('the same idempotency key twice makes one job', async () => {
    handle = () => Promise.resolve({});
    const wanted = request(kind, { idempotencyKey: 'k1', requestHash: 'h1' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.jobs.submit(wanted)));
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['created', ...Array.from({ length: 9 }, () => 'replayed')]);
    expect(new Set(answers.map((answer) => ('job' in answer ? answer.job.id : null))).size).toBe(1);
    expect(await api.jobs.submit({ ...wanted, requestHash: 'h2' })).toEqual({ outcome: 'key_reused' });
    expect((await api.jobs.submit({ ...wanted, ownerId: 'somebody else' })).outcome).toBe('created');
  });

  async function aborted(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }

  it.each(['PENDING', 'RUNNING'] as const)('can be cancelled while %s', async (status) => {
    const started = gate();
    handle = ({ signal }) => {
      started.open();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const { id } = await submitted(api, request(kind));
    if (status === 'RUNNING') {
      await worker();
      await started.opened;
    }
    await reached(api, id, status);
    expect(await api.jobs.cancel(id, 'an admin')).toBe('cancelled');
    expect(await ended(api, id)).toMatchObject({ status: 'CANCELLED' });
  });
});
