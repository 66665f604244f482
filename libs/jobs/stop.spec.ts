import { Client } from 'pg';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOnEachBackend } from '../../test/support/backends.js';
import { tcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import {
  ended,
  gate,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  until,
  type TestApi,
  type TestHandler,
} from './testing.js';

/** What start-worker.ts allows beyond DRAIN_SECONDS. */
const limitMs = 15_000;
/** The pool of the tables ends after its last query, and one without an answer takes ten seconds more. */
const silentQueryMs = 10_000;

describeOnEachBackend('a worker that stops', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let handle: TestHandler;
  const kind = testKind('stopped', (context) => handle(context));
  const proxies: TcpProxy[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      DRAIN_SECONDS: 0,
      LEASE_SECONDS: 4,
      HEARTBEAT_SECONDS: 1,
      RECONCILE_SECONDS: 1,
    });
    api = await startTestApi(config, [kind]);
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.cut()));
    await api.close();
    await database.drop();
  });

  it('a job claimed while its worker begins to stop is handed over', async () => {
    let runs = 0;
    handle = () => Promise.resolve({ runs: (runs += 1) });
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { id } = await submitted(api, request(kind, { maxAttempts: 1 }));
    // Claims have to wait for this transaction.
    await admin.query('BEGIN; LOCK TABLE jobs IN EXCLUSIVE MODE');
    const worker = await startTestWorker(config, [kind]);
    const waiting = `SELECT FROM pg_locks WHERE relation = 'jobs'::regclass AND NOT granted`;
    await until(async () => (await admin.query(waiting)).rowCount !== 0, 10_000);
    const drained = worker.runner.drain();
    const closed = worker.close();
    await admin.query('COMMIT');
    await admin.end();
    await drained;
    expect(await api.jobs.find(id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    await closed;
    expect(runs).toBe(0);
    expect((await api.jobs.events(id, { limit: 10 })).map(({ type }) => type)).toEqual([
      'submitted',
      'started',
      'handed_over',
    ]);
    const next = await startTestWorker(config, [kind]);
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1, result: { runs: 1 } });
    await next.close();
  });

  const losses = [
    ['is gone', (proxy: TcpProxy) => proxy.cut()],
    ['does not answer any more', (proxy: TcpProxy) => Promise.resolve(proxy.silence())],
  ] as const;

  it.each(losses)(
    'ends in time when the store of its queue %s',
    async (_how, lose) => {
      const started = gate();
      handle = ({ signal }) => {
        started.open();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      };
      const at = backend === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
      const proxy = await tcpProxy(config[at]);
      proxies.push(proxy);
      const worker = await startTestWorker({ ...config, [at]: proxy.url }, [kind]);
      const { id } = await submitted(api, request(kind, { maxAttempts: 1 }));
      await started.opened;
      await lose(proxy);
      const before = performance.now();
      await worker.close();
      expect(performance.now() - before).toBeLessThan(backend === 'redis' ? limitMs : limitMs + silentQueryMs);
      // Handed over, where its row could still be reached; recovered otherwise.
      handle = ({ attempt }) => Promise.resolve({ attempt });
      const next = await startTestWorker(config, [kind]);
      expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1, result: { attempt: 1 } });
      await next.close();
    },
    60_000,
  );
});
