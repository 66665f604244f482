import { randomUUID } from 'node:crypto';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Client } from 'pg';
import { describeOnEachBackend } from '../../test/support/backends.js';
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
  type TestWorker,
} from './testing.js';

describeOnEachBackend('a paused kind', (backend) => {
  let database: TestDatabase;
  let api: TestApi;
  let worker: TestWorker;
  let sql: Client;
  let hold = gate();
  const ran: string[] = [];
  const kind = testKind('errand', ({ jobId }) => {
    ran.push(jobId);
    return Promise.resolve({});
  });
  const held = testKind('held', async () => {
    await hold.opened;
    return {};
  });
  const kinds = [kind, held];

  beforeEach(async () => {
    ran.length = 0;
    hold = gate();
    database = await testDatabase();
    const queue = { QUEUE_BACKEND: backend, QUEUE_PREFIX: `test-${randomUUID()}` };
    // Rounds of the reconciler are the test's.
    const config = testConfig(database, { ...queue, RECONCILE_SECONDS: 3_600 });
    api = await startTestApi(config, kinds);
    worker = await startTestWorker(config, kinds);
    await worker.reconciler.reconcile();
    sql = new Client({ connectionString: database.adminUrl });
    await sql.connect();
  });
  afterEach(async () => {
    hold.open();
    await worker.close();
    await api.close();
    await sql.end();
    await database.drop();
  });

  const statusOf = async (id: string) => (await api.jobs.find(id))?.status;
  /** Once no doorbell waits, a worker has answered all of them. */
  const answered = () => until(async () => (await api.doorbells.waiting('errand')) === 0);
  const dispatchOf = async (id: string) =>
    (await sql.query<{ dispatch: number }>('SELECT dispatch FROM jobs WHERE id = $1', [id])).rows[0].dispatch;
  /** As if nobody had rung for it lately. */
  const forgotten = (id: string) =>
    sql.query(
      `UPDATE jobs SET enqueued_at = enqueued_at - interval '1 minute', run_at = run_at - interval '1 minute' WHERE id = $1`,
      [id],
    );

  it('is accepted and waits; its doorbells are answered once, and the reconciler rings no more of them', async () => {
    await api.paused.pause('errand', 'Not now.', 'grace');
    const waiting = [await submitted(api, request(kind)), await submitted(api, request(kind, { priority: 9 }))];
    const soon = await submitted(api, request(kind, { runAt: new Date(Date.now() + 300) }));
    await answered();
    await until(async () => (await api.jobs.placeInLine((await api.jobs.find(soon.id)) ?? soon)) !== null);
    await answered();
    for (const { id } of [...waiting, soon]) await forgotten(id);
    expect(await worker.reconciler.reconcile()).toMatchObject({ leading: true, rung: 0 });
    expect(await api.doorbells.waiting('errand')).toBe(0);
    expect(await Promise.all(waiting.map(({ id }) => dispatchOf(id)))).toEqual([1, 1]);
    expect(await Promise.all([...waiting, soon].map(({ id }) => statusOf(id)))).toEqual(Array(3).fill('PENDING'));
    expect(ran).toEqual([]);
    // A worker that asks without a doorbell gets nothing either.
    const nothing = { kind: kind.definition, handle: () => Promise.resolve({}) };
    expect(await worker.runner.serveNext(nothing)).toBe(false);
  });

  it('starts its backlog when it is resumed, though every doorbell was answered', async () => {
    await api.paused.pause('errand', null, 'grace');
    const jobs = await Promise.all(Array.from({ length: 20 }, () => submitted(api, request(kind))));
    await answered();
    await api.paused.resume('errand', 'grace');
    await Promise.all(jobs.map(({ id }) => ended(api, id, 5_000)));
    expect(ran.sort()).toEqual(jobs.map(({ id }) => id).sort());
  });

  it('holds nobody else up, and what runs goes on', async () => {
    const running = await submitted(api, request(held));
    await reached(api, running.id, 'RUNNING');
    await api.paused.pause('held', null, 'grace');
    const other = await submitted(api, request(kind));
    expect((await ended(api, other.id)).status).toBe('SUCCESS');
    hold.open();
    expect((await ended(api, running.id)).status).toBe('SUCCESS');
  });

  it('needs no lane for its isolated jobs', async () => {
    const [{ id }] = await Promise.all([submitted(api, request(held, { runAt: new Date(Date.now() + 3_600_000) }))]);
    await sql.query(`UPDATE jobs SET recoveries = 1, run_at = now() WHERE id = $1`, [id]);
    expect(await api.reader.isolated(['held'])).toEqual({ due: 1, running: 0 });
    await api.paused.pause('held', null, 'grace');
    expect(await api.reader.isolated(['held'])).toEqual({ due: 0, running: 0 });
  });

  it('is paused and resumed once, however often it is said, and each change is noted', async () => {
    const first = await api.paused.pause('errand', 'Not now.', 'grace');
    expect(first).toEqual({ kind: 'errand', reason: 'Not now.', pausedBy: 'grace', pausedAt: expect.any(Date) });
    expect(await api.paused.pause('errand', 'Another reason.', 'ada')).toEqual(first);
    expect([...(await api.paused.all()).keys()]).toEqual(['errand']);
    await Promise.all([api.paused.resume('errand', 'ada'), api.paused.resume('errand', 'ada')]);
    expect((await api.paused.all()).size).toBe(0);
    const { rows } = await sql.query('SELECT actor, action, subject, data FROM admin_actions ORDER BY id');
    expect(rows).toEqual([
      { actor: 'grace', action: 'kind_paused', subject: 'errand', data: { reason: 'Not now.' } },
      { actor: 'ada', action: 'kind_resumed', subject: 'errand', data: { paused_at: expect.any(String) } },
    ]);
  });
});
