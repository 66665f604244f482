import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { countedJobs } from '@longhaul/jobs';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

type Who = 'user' | 'other' | 'admin';

let database: TestDatabase;
let app: NestFastifyApplication;
const tokens = new Map<Who, string>();
const ids = new Map<Who, string>();

beforeAll(async () => {
  database = await testDatabase();
  const config = testConfig(database, { ADMIN_PASSWORD: 'a long password' });
  app = await makeApi(config);
  for (const who of ['user', 'other', 'admin'] as const) {
    const user = await makeUser(app.get(DataSource), { roles: [who === 'admin' ? 'admin' : 'user'] });
    tokens.set(who, await tokenFor(app.get(DataSource), config, user));
    ids.set(who, user.id);
  }
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function ask(method: 'GET' | 'POST', url: string, payload?: object, who: Who = 'admin') {
  const authorization = `Bearer ${tokens.get(who) ?? ''}`;
  const answer = await app.inject({ method, url, headers: { authorization }, ...(payload && { payload }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  return { status: answer.statusCode, json: answer.json<any>() };
}

interface Made {
  readonly status?: string;
  readonly kind?: string;
  readonly owner?: string;
  readonly note?: string;
}

/** Ids of jobs of some status, written directly. */
async function made(count: number, { status = 'PENDING', kind = 'simulation', owner = 'ada', note = '' }: Made) {
  const made = Array.from({ length: count }, () => uuidV7());
  const ended = !['PENDING', 'RUNNING'].includes(status);
  await app.get(DataSource).query(
    `WITH made AS (
       INSERT INTO jobs (id, kind, status, owner_id, input, metadata, timeout_seconds, max_attempts, last_seq, error,
                         finished_at, lease_expires_at, run_at)
       SELECT id, $2, $3, $4, '{}', jsonb_build_object('note', $5::text), 60, 1, 1,
              CASE WHEN $3 = 'FAILED' THEN '{"code": "broken", "message": "no"}'::jsonb END, CASE WHEN $6 THEN now() END,
              CASE WHEN $3 = 'RUNNING' THEN now() + interval '1 hour' END, now() + interval '1 hour'
       FROM unnest($1::uuid[]) AS new(id) RETURNING id)
     INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', 'ada' FROM made`,
    [made, kind, status, owner, note, ended],
  );
  return made;
}

const statusOf = async (id: string) => (await ask('GET', `/tasks/${id}`)).json.status as string;

describe('counts of tasks', () => {
  it('are those of the caller by status, and of everybody for admins', async () => {
    const [owner, other] = [ids.get('user') ?? '', ids.get('other') ?? ''];
    for (const [count, status] of ['PENDING', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED'].entries())
      await made(count + 1, { status, owner });
    await made(2, { status: 'SUCCESS', owner: other });
    const own = { PENDING: 1, RUNNING: 2, SUCCESS: 3, FAILED: 4, CANCELLED: 5 };
    expect(await ask('GET', '/tasks/counts', undefined, 'user')).toEqual({
      status: 200,
      json: { counts: own, capped: false },
    });
    expect((await ask('GET', '/tasks/counts')).json).toEqual({ counts: { ...own, SUCCESS: 5 }, capped: false });
    expect((await ask('GET', `/tasks/counts?owner_id=${other}`)).json.counts).toMatchObject({ SUCCESS: 2, FAILED: 0 });
  });

  it('agree with the list, whatever the filter', async () => {
    const owner = 'filtered';
    for (const status of ['PENDING', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED']) {
      await made(2, { status, owner, kind: 'web_scrape', note: 'blue' });
      await made(3, { status, owner, note: 'red' });
    }
    const soon = new Date(Date.now() + 60_000).toISOString();
    for (const filter of ['', '&task_type=web_scrape', '&q=RED', `&created_after=${soon}`, `&created_before=${soon}`]) {
      const { json } = await ask('GET', `/tasks/counts?owner_id=${owner}${filter}`);
      for (const [status, count] of Object.entries(json.counts)) {
        const list = await ask('GET', `/tasks?owner_id=${owner}&status=${status}${filter}`);
        expect([filter, status, count]).toEqual([filter, status, (list.json as unknown[]).length]);
      }
    }
  });

  it('end at their bound, and say so', async () => {
    const owner = 'many';
    await made(countedJobs + 1, { status: 'SUCCESS', owner });
    await made(countedJobs, { status: 'PENDING', owner });
    expect((await ask('GET', `/tasks/counts?owner_id=${owner}`)).json).toEqual({
      counts: { PENDING: countedJobs, RUNNING: 0, SUCCESS: countedJobs, FAILED: 0, CANCELLED: 0 },
      capped: true,
    });
  });

  it.each(['status=PENDING', 'limit=5', 'cursor=x', 'q='])('take no %s', async (query) => {
    expect(await ask('GET', `/tasks/counts?${query}`)).toMatchObject({ status: 400, json: { code: 'invalid_query' } });
  });

  it('of others are for admins', async () => {
    expect((await ask('GET', '/tasks/counts?owner_id=ada', undefined, 'user')).status).toBe(403);
  });
});

describe('a bulk change', () => {
  const bulk = (action: string, task_ids: unknown, who: Who = 'admin') =>
    ask('POST', '/tasks/bulk', { action, task_ids }, who);

  it('cancels each task by itself, in order', async () => {
    const [waiting] = await made(1, {});
    const [running] = await made(1, { status: 'RUNNING' });
    const [ended] = await made(1, { status: 'SUCCESS' });
    const [cancelled] = await made(1, { status: 'CANCELLED' });
    const missing = uuidV7();
    const { status, json } = await bulk('cancel', [ended, waiting, missing, running.toUpperCase(), 'x', cancelled]);
    expect(status).toBe(200);
    const refused = (task_id: string, code: string, of: number) => ({
      ...{ task_id, ok: false },
      problem: { code, title: expect.any(String), detail: expect.any(String), status: of },
    });
    expect(json).toEqual({
      results: [
        refused(ended, 'task_ended', 409),
        { task_id: waiting, ok: true, status: 'CANCELLED' },
        refused(missing, 'not_found', 404),
        { task_id: running.toUpperCase(), ok: true, status: 'CANCELLED' },
        refused('x', 'not_found', 404),
        { task_id: cancelled, ok: true, status: 'CANCELLED' },
      ],
    });
    expect(await statusOf(running)).toBe('CANCELLED');
    const events = (await ask('GET', `/tasks/${waiting}/events`)).json as { type: string; actor: string }[];
    expect(events.at(-1)).toMatchObject({ type: 'cancelled', actor: ids.get('admin') });
  });

  it('retries what has failed', async () => {
    const failed = await made(9, { status: 'FAILED' });
    const [waiting] = await made(1, {});
    const { results } = (await bulk('retry', [...failed, waiting])).json as { results: { ok: boolean }[] };
    expect(results.map(({ ok }) => ok)).toEqual([...failed.map(() => true), false]);
    expect(results.at(-1)).toMatchObject({ problem: { code: 'task_not_failed', status: 409 } });
    for (const id of failed) expect(await statusOf(id)).toBe('PENDING');
  });

  it('is refused task by task to those who may not: what is not theirs is not there', async () => {
    const [own] = await made(1, { owner: ids.get('user') ?? '' });
    const [foreign] = await made(1, { owner: ids.get('other') ?? '' });
    for (const action of ['cancel', 'retry']) {
      const { results } = (await bulk(action, [own, foreign, uuidV7()], 'user')).json;
      const problems = results.map(({ problem }: { problem: { status: number } }) => problem);
      expect(problems.map(({ status }: { status: number }) => status)).toEqual([403, 404, 404]);
      expect(problems[1]).toEqual(problems[2]);
    }
    expect([await statusOf(own), await statusOf(foreign)]).toEqual(['PENDING', 'PENDING']);
  });

  it.each<[string, object, string]>([
    ['no task', { action: 'cancel', task_ids: [] }, '/task_ids'],
    ['101 tasks', { action: 'cancel', task_ids: Array.from({ length: 101 }, () => uuidV7()) }, '/task_ids'],
    ['a task twice', { action: 'cancel', task_ids: ['a', 'a'] }, '/task_ids'],
    ['a number', { action: 'cancel', task_ids: [7] }, '/task_ids'],
    ['no list', { action: 'cancel', task_ids: uuidV7() }, '/task_ids'],
    ['no action', { task_ids: [uuidV7()] }, '/action'],
    ['another action', { action: 'discard', task_ids: [uuidV7()] }, '/action'],
    ['more than that', { action: 'cancel', task_ids: [uuidV7()], actor: 'eve' }, '/actor'],
  ])('of %s is refused', async (_what, body, pointer) => {
    const { status, json } = await ask('POST', '/tasks/bulk', body);
    expect(status).toBe(422);
    expect(json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });
});
