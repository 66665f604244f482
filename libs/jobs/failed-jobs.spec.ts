import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { v7 as uuidV7 } from 'uuid';
import type { FailedGroup } from './failed-jobs.reader.js';
import { JobEntity } from './job.entity.js';
import { startTestApi, testKind, type TestApi } from './testing.js';

const kind = testKind('errand', () => Promise.resolve({}));
const all = { mode: 'all', limit: 1_000, force: false, actor: 'grace' } as const;
const canary = { ...all, mode: 'canary' } as const;

let database: TestDatabase;
let source: DataSource;
let api: TestApi;

beforeAll(async () => {
  database = await testDatabase();
  const config = testConfig(database);
  source = await new DataSource(appDataSourceOptions(config, [JobEntity])).initialize();
  api = await startTestApi(config, [kind]);
});
beforeEach(() =>
  source.query(`UPDATE jobs SET canary_of = NULL, discarded_at = CASE WHEN status = 'FAILED' THEN now() END`),
);
afterAll(async () => {
  await api.close();
  await source.destroy();
  await database.drop();
});

interface Failure {
  readonly message?: string;
  readonly code?: string;
  readonly kind?: string;
  readonly secondsAgo?: number;
}

/** A job that has failed, written directly: failures of any time and message. */
async function failed({ message = 'no', code = 'broken', kind: name = 'errand', secondsAgo = 0 }: Failure) {
  const id = uuidV7();
  await source.query(
    `WITH made AS (
       INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, attempts, last_seq, error, finished_at)
       VALUES ($1, $2, 'FAILED', 'ada', '{}', 60, 3, 3, 1, $3, now() - make_interval(secs => $4)) RETURNING id)
     INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', 'ada' FROM made`,
    [id, name, JSON.stringify({ code, message, retryable: false }), secondsAgo],
  );
  return id;
}

async function failedMany(count: number, failure: Failure): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => failed({ ...failure, secondsAgo: index })));
}

async function groups(filter: Partial<Parameters<TestApi['failed']['groups']>[0]> = {}): Promise<FailedGroup[]> {
  return api.failed.groups({ limit: 100, ...filter });
}

async function onlyGroup(): Promise<FailedGroup> {
  const found = await groups();
  expect(found).toHaveLength(1);
  return found[0];
}

/** As a worker would leave it. */
async function end(id: string, succeeds: boolean): Promise<void> {
  const claimed = await api.claim({
    kind: 'errand',
    lane: 'any',
    workerId: 'w',
    nonce: randomUUID(),
    leaseSeconds: 60,
    perOwner: 0,
  });
  if (claimed?.id !== id) throw new Error(`claimed ${claimed?.id}`);
  const nothing = { progress: null, events: [] };
  const error = { code: 'broken', message: 'no', retryable: false };
  await (succeeds
    ? api.attempts.succeed(claimed, {}, nothing, 'worker:w')
    : api.attempts.fail(claimed, error, nothing, 'worker:w'));
}

const lastEvent = async (id: string) => (await api.jobs.events(id, { limit: 100 })).at(-1);
const statusesOf = async (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await api.jobs.find(id))?.status));

describe('the fingerprint', () => {
  it.each([
    ['URLs and numbers', 'GET https://a.example/x?y=1 gave 503', 'GET https://b.example/other gave 500'],
    ['quoted text', 'no user "Ada" in room 7', 'no user "Grace Hopper" in room 1,234'],
    ['UUIDs and case', `task ${randomUUID()} is gone`, `Task ${randomUUID().toUpperCase()} is gone`],
    ['hexadecimal words', 'blob deadbeefcafe1234 at 0x7ffe12345678', 'blob 0123456789abcdef at 0x00000001'],
    ['addresses', 'connect to 10.0.0.1:5432 timed out after 2.5 s', 'connect to 192.168.7.9:80 timed out after 10 s'],
    ['the end of a long message', 'x'.repeat(1_000) + 'one end', 'x'.repeat(1_000) + 'another'],
  ])('does not look at %s', async (_what, one, other) => {
    await failed({ message: one });
    await failed({ message: other });
    expect(await onlyGroup()).toMatchObject({ count: 2, kind: 'errand', code: 'broken' });
  });

  it.each<[string, Failure, Failure]>([
    ['the words', { message: 'disk full' }, { message: 'disk broken' }],
    ['the code', { code: 'http_error' }, { code: 'parse_error' }],
    ['the kind', { kind: 'errand' }, { kind: 'journey' }],
    [
      'what stands between two apostrophes',
      { message: `the worker's lease isn't there` },
      { message: `the worker's disk isn't there` },
    ],
  ])('looks at %s', async (_what, one, other) => {
    await failed(one);
    await failed(other);
    expect(await groups()).toHaveLength(2);
  });

  it('is had by FAILED jobs only, whoever failed them', async () => {
    const id = await failed({});
    await api.jobs.requeue(id, 'grace');
    const printOf = async () =>
      (await source.query(`SELECT error_fingerprint AS print FROM jobs WHERE id = $1`, [id]))[0];
    expect(await printOf()).toEqual({ print: null });
    await end(id, false);
    expect(await printOf()).toEqual({ print: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});

describe('groups', () => {
  it('come newest failure first, page by page, with counts, times and the newest failure as sample', async () => {
    const ids = await failedMany(3, { message: 'a' });
    await failed({ message: 'b', secondsAgo: 10 });
    await failed({ message: 'c', secondsAgo: 20 });
    const [first, ...none] = await groups({ limit: 1 });
    expect(none).toEqual([]);
    expect(first).toMatchObject({ message: 'a', count: 3, sampleId: ids[0], canary: null });
    expect(first.lastSeen.getTime() - first.firstSeen.getTime()).toBeCloseTo(2_000, -3);
    const rest = await groups({ after: first.position });
    expect(rest.map(({ message }) => message)).toEqual(['b', 'c']);
  });

  it('are narrowed by kind, and to those that failed since a time', async () => {
    await failed({ message: 'a', secondsAgo: 100 });
    await failed({ message: 'b', kind: 'journey' });
    expect((await groups({ kind: ['errand'] })).map(({ message }) => message)).toEqual(['a']);
    expect((await groups({ since: new Date(Date.now() - 50_000) })).map(({ message }) => message)).toEqual(['b']);
    expect(await groups({ kind: ['unheard_of'] })).toEqual([]);
  });

  it('list their jobs page by page, those of the same moment too', async () => {
    await failedMany(3, {});
    await source.query(`UPDATE jobs SET finished_at = now() WHERE status = 'FAILED' AND discarded_at IS NULL`);
    const { fingerprint } = await onlyGroup();
    const whole = await api.failed.inGroup(fingerprint, { limit: 10 });
    const pages = [await api.failed.inGroup(fingerprint, { limit: 2 })];
    pages.push(await api.failed.inGroup(fingerprint, { limit: 2, after: pages[0][1].position }));
    expect(pages.flat().map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(whole).toHaveLength(3);
  });
});

describe('the retry of a group', () => {
  it('as canary takes the newest job alone, and then waits for it', async () => {
    const ids = await failedMany(3, {});
    const { fingerprint } = await onlyGroup();
    const answer = await api.failed.retry(fingerprint, canary);
    expect(answer).toEqual({
      outcome: 'done',
      changed: 1,
      remaining: 2,
      canary: { id: ids[0], status: 'PENDING' },
    });
    expect(await lastEvent(ids[0])).toMatchObject({
      type: 'requeued',
      actor: 'grace',
      data: { fingerprint, canary: true },
    });
    expect(await api.jobs.find(ids[0])).toMatchObject({ attempts: 0, error: null, finishedAt: null });
    for (const wanted of [all, canary])
      expect(await api.failed.retry(fingerprint, wanted)).toMatchObject({ outcome: 'canary_unfinished' });
    expect(await statusesOf(ids)).toEqual(['PENDING', 'FAILED', 'FAILED']);
    await end(ids[0], true);
    expect(await api.failed.retry(fingerprint, all)).toMatchObject({ outcome: 'done', changed: 2, remaining: 0 });
    await Promise.all(ids.map((id) => api.jobs.cancel(id, 'test')));
  });

  it('is refused after a canary that failed again, unless it is forced', async () => {
    const ids = await failedMany(2, {});
    const { fingerprint } = await onlyGroup();
    await api.failed.retry(fingerprint, canary);
    await end(ids[0], false);
    expect(await onlyGroup()).toMatchObject({ count: 2, canary: { id: ids[0], status: 'FAILED' } });
    expect(await api.failed.retry(fingerprint, all)).toMatchObject({ outcome: 'canary_failed' });
    const forced = await api.failed.retry(fingerprint, { ...all, force: true });
    expect(forced).toEqual({ outcome: 'done', changed: 2, remaining: 0, canary: null });
    await Promise.all(ids.map((id) => api.jobs.cancel(id, 'test')));
  });

  it('gives one canary to many who ask at once', async () => {
    const ids = await failedMany(5, {});
    const { fingerprint } = await onlyGroup();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.failed.retry(fingerprint, canary)));
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect((await statusesOf(ids)).filter((status) => status === 'PENDING')).toHaveLength(1);
    await api.jobs.cancel(ids[0], 'test');
  });

  it('takes the oldest first, up to its limit, and each job once however many ask', async () => {
    const ids = await failedMany(250, {});
    const { fingerprint } = await onlyGroup();
    expect(await api.failed.retry(fingerprint, { ...all, limit: 120 })).toMatchObject({ changed: 120, remaining: 130 });
    expect(new Set(await statusesOf(ids.slice(130)))).toEqual(new Set(['PENDING']));
    expect(new Set(await statusesOf(ids.slice(0, 130)))).toEqual(new Set(['FAILED']));
    const answers = await Promise.all([1, 2, 3].map(() => api.failed.retry(fingerprint, all)));
    const changed = answers.map((answer) => ('changed' in answer ? answer.changed : 0));
    expect(changed.reduce((sum, count) => sum + count)).toBe(130);
    const doubled = await source.query(
      `SELECT job_id FROM job_events WHERE type = 'requeued' AND job_id = ANY($1) GROUP BY job_id HAVING count(*) <> 1`,
      [ids],
    );
    expect(doubled).toEqual([]);
    await Promise.all(ids.map((id) => api.jobs.cancel(id, 'test')));
  });

  it('of no jobs is said to be missing', async () => {
    expect(await api.failed.retry('0'.repeat(32), all)).toEqual({ outcome: 'missing' });
  });
});

describe('a discarded job', () => {
  it('stays FAILED, leaves its group, says who and why, and may be requeued', async () => {
    const id = await failed({});
    const job = await api.jobs.discard(id, 'known outage', 'grace');
    expect(job).toMatchObject({ status: 'FAILED', discardedAt: expect.any(Date), lastSeq: 2 });
    expect(await groups()).toEqual([]);
    expect(await lastEvent(id)).toMatchObject({ seq: 2, type: 'discarded', message: 'known outage', actor: 'grace' });
    expect(await api.jobs.discard(id, 'once more', 'grace')).toMatchObject({ lastSeq: 2 });
    expect(await api.jobs.requeue(id, 'grace')).toMatchObject({ status: 'PENDING', discardedAt: null, lastSeq: 3 });
    expect(await api.jobs.discard(id, 'too late', 'grace')).toBe('not_failed');
    expect(await api.jobs.discard(uuidV7(), 'nothing', 'grace')).toBe('missing');
    await api.jobs.cancel(id, 'test');
  });

  it('goes with its group', async () => {
    const ids = await failedMany(3, { message: 'a' });
    const other = await failed({ message: 'b' });
    const fingerprint = (await groups()).find(({ message }) => message === 'a')?.fingerprint ?? '';
    const wanted = { reason: 'known outage', limit: 2, actor: 'grace' };
    expect(await api.failed.discard(fingerprint, wanted)).toMatchObject({ changed: 2, remaining: 1 });
    expect(await api.failed.discard(fingerprint, wanted)).toMatchObject({ changed: 1, remaining: 0 });
    expect(await api.failed.discard(fingerprint, wanted)).toEqual({ outcome: 'missing' });
    for (const id of ids) expect(await lastEvent(id)).toMatchObject({ seq: 2, type: 'discarded', actor: 'grace' });
    expect(await onlyGroup()).toMatchObject({ sampleId: other });
  });
});
