import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

type Answer = Awaited<ReturnType<typeof ask>>['json'];
type Role = 'user' | 'editor' | 'admin';

let database: TestDatabase;
let app: NestFastifyApplication;
let adminId: string;
const tokens = new Map<string, string>();

beforeAll(async () => {
  database = await testDatabase();
  // With a password that is given, none is made up and printed.
  const config = testConfig(database, { ADMIN_PASSWORD: 'a long password' });
  app = await makeApi(config);
  for (const role of ['user', 'editor', 'admin'] as const) {
    const user = await makeUser(app.get(DataSource), { roles: [role] });
    tokens.set(role, await tokenFor(app.get(DataSource), config, user));
    adminId = user.id;
  }
});
beforeEach(() => app.get(DataSource).query(`UPDATE jobs SET discarded_at = now() WHERE status = 'FAILED'`));
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function ask(method: 'GET' | 'POST', url: string, payload?: object, role: Role = 'admin') {
  const authorization = `Bearer ${tokens.get(role) ?? ''}`;
  const answer = await app.inject({ method, url, headers: { authorization }, ...(payload && { payload }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  return { status: answer.statusCode, json: answer.json<any>(), link: answer.headers.link as string | undefined };
}

/** Ids of jobs that have failed, newest first. */
async function failed(count: number, { kind = 'simulation', message = 'It broke.' } = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidV7());
  for (const [index, id] of ids.entries()) {
    await app.get(DataSource).query(
      `WITH made AS (
         INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, error, finished_at)
         VALUES ($1, $2, 'FAILED', 'ada', '{}', 60, 1, 1, $3, now() - make_interval(secs => $4)) RETURNING id)
       INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', 'ada' FROM made`,
      [id, kind, JSON.stringify({ code: 'broken', message, retryable: false }), index],
    );
  }
  return ids;
}

const fingerprintOf = async (message = 'It broke.') =>
  ((await ask('GET', '/admin/failed')).json as { message: string; fingerprint: string }[]).find(
    (group) => group.message === message,
  )?.fingerprint ?? '';
const eventsOf = async (id: string) => (await ask('GET', `/tasks/${id}/events`)).json;
const unknown = '0'.repeat(32);

/** Follows the Link headers to the end. */
async function pagesOf<T>(first: string, rowsOf: (json: Answer) => T[]): Promise<T[][]> {
  const pages: T[][] = [];
  for (let url: string | undefined = first; url !== undefined;) {
    const { status, json, link } = await ask('GET', url);
    expect(status).toBe(200);
    pages.push(rowsOf(json));
    url = link === undefined ? undefined : /^<([^>]+)>; rel="next"$/.exec(link)?.[1];
  }
  return pages;
}

it.each<[string, 'GET' | 'POST', string]>([
  ['groups', 'GET', '/admin/failed'],
  ['a group', 'GET', `/admin/failed/${unknown}`],
  ['a retry', 'POST', `/admin/failed/${unknown}/retry`],
  ['a discard', 'POST', `/admin/failed/${unknown}/discard`],
  ['signals', 'GET', '/admin/signals'],
])('%s: 403 for anybody but admins', async (_what, method, url) => {
  for (const role of ['user', 'editor'] as const) {
    const payload = method === 'POST' ? {} : undefined;
    expect(await ask(method, url, payload, role)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
  }
});

it('shows groups with their tasks, page by page', async () => {
  const ids = await failed(3);
  await failed(1, { message: 'Disk full.' });
  await failed(1, { kind: 'web_scrape', message: 'Not there.' });
  const pages = await pagesOf('/admin/failed?limit=1', (json) => json as { message: string }[]);
  expect(pages.map(([{ message }]) => message).sort()).toEqual(['Disk full.', 'It broke.', 'Not there.']);
  const { json } = await ask('GET', '/admin/failed?task_type=simulation,other');
  expect(json).toHaveLength(2);
  expect(json.find(({ message }: { message: string }) => message === 'It broke.')).toEqual({
    ...{ fingerprint: await fingerprintOf(), task_type: 'simulation', code: 'broken', message: 'It broke.', count: 3 },
    ...{ first_seen: expect.stringMatching(/Z$/), last_seen: expect.stringMatching(/Z$/), sample_task_id: ids[0] },
    canary: null,
  });
  const tasks = await pagesOf(
    `/admin/failed/${await fingerprintOf()}?limit=2`,
    (group) => group.tasks as { task_id: string; status: string }[],
  );
  expect(tasks.map((page) => page.map(({ task_id: id }) => id))).toEqual([[ids[0], ids[1]], [ids[2]]]);
  expect((await ask('GET', '/admin/failed?since=2999-01-01T00:00:00Z')).json).toEqual([]);
});

it('retries a canary, refuses the rest while it is unfinished, and retries the rest by force', async () => {
  const ids = await failed(3);
  const retry = `/admin/failed/${await fingerprintOf()}/retry`;
  expect(await ask('POST', retry, { mode: 'canary' })).toMatchObject({
    status: 202,
    json: { changed: 1, remaining: 2, canary: { task_id: ids[0], status: 'PENDING' } },
  });
  for (const mode of ['all', 'canary']) {
    expect(await ask('POST', retry, { mode })).toMatchObject({ status: 409, json: { code: 'canary_unfinished' } });
  }
  expect(await ask('POST', retry, { mode: 'all', force: true, limit: 1 })).toMatchObject({
    status: 202,
    json: { changed: 1, remaining: 1 },
  });
  expect((await ask('GET', `/tasks/${ids[2]}`)).json).toMatchObject({ status: 'PENDING', error: null });
  expect((await eventsOf(ids[2])).at(-1)).toMatchObject({ type: 'requeued', actor: adminId });
});

it('discards one task with a reason, once, and lets it be retried', async () => {
  const [id, other] = await failed(2);
  const discard = (task: string, role: Role = 'admin') =>
    ask('POST', `/tasks/${task}/discard`, { reason: 'Known outage.' }, role);
  expect((await discard(id, 'user')).status).toBe(404);
  expect(await discard(id)).toMatchObject({ status: 200, json: { task_id: id, status: 'FAILED' } });
  expect((await discard(id)).status).toBe(200);
  expect((await ask('GET', `/admin/failed/${await fingerprintOf()}`)).json).toMatchObject({
    count: 1,
    sample_task_id: other,
  });
  const [, ...decisions] = await eventsOf(id);
  expect(decisions).toEqual([
    expect.objectContaining({ type: 'discarded', status: 'FAILED', message: 'Known outage.', actor: adminId }),
  ]);
  expect((await ask('POST', `/tasks/${id}/retry`)).status).toBe(202);
  expect(await discard(id)).toMatchObject({ status: 409, json: { code: 'task_not_failed' } });
  expect((await discard(uuidV7())).status).toBe(404);
});

it('discards a group, part by part', async () => {
  await failed(3);
  const discard = `/admin/failed/${await fingerprintOf()}/discard`;
  const reason = 'Known outage.';
  expect(await ask('POST', discard, { reason, limit: 2 })).toMatchObject({ json: { changed: 2, remaining: 1 } });
  expect(await ask('POST', discard, { reason })).toMatchObject({ status: 200, json: { changed: 1, remaining: 0 } });
  expect(await ask('POST', discard, { reason })).toMatchObject({ status: 404, json: { code: 'not_found' } });
});

it.each<[string, string, object, string]>([
  ['retry', 'no mode', {}, '/mode'],
  ['retry', 'an unknown mode', { mode: 'some' }, '/mode'],
  ['retry', 'too many', { mode: 'all', limit: 1_001 }, '/limit'],
  ['retry', 'digits', { mode: 'all', limit: '5' }, '/limit'],
  ['retry', 'a word for yes', { mode: 'all', force: 'yes' }, '/force'],
  ['retry', 'another actor', { mode: 'all', actor: 'somebody else' }, '/actor'],
  ['discard', 'no reason', {}, '/reason'],
  ['discard', 'a short reason', { reason: 'no' }, '/reason'],
  ['discard', 'a blank reason', { reason: '    ' }, '/reason'],
  ['discard', 'a very long reason', { reason: 'x'.repeat(1_001) }, '/reason'],
])('refuses to %s a group with %s', async (verb, _what, body, pointer) => {
  const { status, json } = await ask('POST', `/admin/failed/${unknown}/${verb}`, body);
  expect(status).toBe(422);
  expect(json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
});

it('takes its own cursors only, each in its own list', async () => {
  await failed(2);
  await failed(2, { message: 'Disk full.' });
  const group = `/admin/failed/${await fingerprintOf()}`;
  const cursorOf = async (url: string) => /cursor=([\w-]+)/.exec((await ask('GET', `${url}?limit=1`)).link ?? '')?.[1];
  const [ofGroups, ofTasks] = [await cursorOf('/admin/failed'), await cursorOf(group)];
  const lists: [string, string | undefined][] = [
    ['/admin/failed', ofTasks],
    [group, ofGroups],
    [group, 'AAAA'],
    [group, `${ofTasks}=`],
  ];
  for (const [url, cursor] of lists) {
    expect(cursor).toBeDefined();
    expect(await ask('GET', `${url}?cursor=${cursor}`)).toMatchObject({
      status: 400,
      json: { code: 'invalid_cursor' },
    });
  }
});

it('tells the signals of every kind', async () => {
  await failed(4, { kind: 'web_scrape' });
  const { status, json } = await ask('GET', '/admin/signals');
  expect(status).toBe(200);
  const scrape = json.kinds.find(({ task_type: kind }: { task_type: string }) => kind === 'web_scrape');
  expect(scrape).toMatchObject({ pending: 0, running: 0, succeeded_last_5_minutes: 0, failed_rate: 100 });
  expect(json.alerts).toContainEqual({ signal: 'failed_rate', task_type: 'web_scrape', value: 100, limit: 20 });
});
