import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { AttemptStore, type AttemptNotes } from './attempt.store.js';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import type { Fenced } from './job.store.js';

const nothing: AttemptNotes = { progress: null, events: [] };
const error = { code: 'c', message: 'm', retryable: true };

describe('writes of many attempts at once', () => {
  let database: TestDatabase;
  let source: DataSource;
  let attempts: AttemptStore;
  let reader: JobReader;

  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(appDataSourceOptions(testConfig(database), [JobEntity])).initialize();
    attempts = new AttemptStore(source.getRepository(JobEntity));
    reader = new JobReader(source.getRepository(JobEntity));
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('end each job in its own way, with its own events, numbered without gaps', async () => {
    const jobs = await running(5);
    const line = { type: 'log' as const, message: 'hello', actor: 'w' };
    const notes = { progress: null, events: [line, line] };
    const [a, b, c, d, e] = jobs;
    await Promise.all([
      attempts.succeed(a, { answer: 42 }, notes, 'w'),
      attempts.fail(b, error, nothing, 'w'),
      attempts.retry(c, error, 5_000, notes, 'w'),
      attempts.handOver(d, 'shutdown', nothing, 'w'),
      attempts.append(e, { progress: { percent: 7, current: 7, total: 100, message: null }, events: [line] }),
    ]);
    const rows = await Promise.all(jobs.map(({ id }) => reader.find(id)));
    expect(rows).toMatchObject([
      { status: 'SUCCESS', result: { answer: 42 }, error: null, attempts: 1 },
      { status: 'FAILED', result: null, error, attempts: 1 },
      { status: 'PENDING', error, attempts: 1, dispatch: 2 },
      { status: 'PENDING', error: null, attempts: 0, dispatch: 2 },
      { status: 'RUNNING', progress: { percent: 7 }, dispatch: 1 },
    ]);
    const [, , retried] = rows;
    expect((retried?.runAt.getTime() ?? 0) - (retried?.enqueuedAt.getTime() ?? 0)).toBe(5_000);
    const types = await Promise.all(jobs.map(({ id }) => typesOf(id)));
    expect(types).toEqual([
      ['started', 'log', 'log', 'succeeded'],
      ['started', 'failed'],
      ['started', 'log', 'log', 'retry_scheduled'],
      ['started', 'handed_over'],
      ['started', 'log'],
    ]);
  });

  it('an end that PostgreSQL refuses for its values fails alone', async () => {
    const jobs = await running(40);
    const beyondTime = 1e300;
    const ends = await Promise.allSettled(
      jobs.map((job, index) =>
        index === 17
          ? attempts.retry(job, error, beyondTime, nothing, 'w')
          : attempts.succeed(job, { index }, nothing, 'w'),
      ),
    );
    for (const [index, end] of ends.entries()) {
      expect(end.status).toBe(index === 17 ? 'rejected' : 'fulfilled');
      const job = await reader.find(jobs[index].id);
      expect(job?.status).toBe(index === 17 ? 'RUNNING' : 'SUCCESS');
      expect(await typesOf(jobs[index].id)).toEqual(index === 17 ? ['started'] : ['started', 'succeeded']);
    }
  });

  it('an attempt that lost its job is refused beside the one that owns it', async () => {
    const [job, other] = await running(2);
    const stale = { id: job.id, fence: job.fence - 1 };
    const [late, early, mine, beside] = await Promise.all([
      attempts.succeed(stale, { by: 'the old one' }, nothing, 'old'),
      attempts.append(stale, { progress: null, events: [{ type: 'log', message: 'old', actor: 'old' }] }),
      attempts.succeed(job, { by: 'the new one' }, nothing, 'new'),
      attempts.succeed(other, {}, nothing, 'w'),
    ]);
    expect([late, early]).toEqual([null, false]);
    expect([mine?.status, beside?.status]).toEqual(['SUCCESS', 'SUCCESS']);
    expect((await reader.find(job.id))?.result).toEqual({ by: 'the new one' });
    expect(await typesOf(job.id)).toEqual(['started', 'succeeded']);
  });

  it('two of one attempt are both done, the first one first', async () => {
    const [job, other] = await running(2);
    const log = (message: string) => ({ progress: null, events: [{ type: 'log' as const, message, actor: 'w' }] });
    const answers = await Promise.all([
      attempts.append(job, log('one')),
      attempts.append(other, log('beside')),
      attempts.append(job, log('two')),
      attempts.succeed(job, {}, nothing, 'w'),
      attempts.append(job, log('too late')),
    ]);
    expect(answers).toEqual([true, true, true, expect.objectContaining({ status: 'SUCCESS' }), false]);
    const events = await reader.events(job.id, { limit: 10 });
    expect(events.map(({ message, type }) => message ?? type)).toEqual(['started', 'one', 'two', 'succeeded']);
  });

  it('crossing batches of two processes do not deadlock', async () => {
    const others = new AttemptStore(source.getRepository(JobEntity));
    for (let round = 0; round < 10; round += 1) {
      const jobs = await running(30);
      const ends = await Promise.all([
        ...jobs.map((job) => attempts.succeed(job, {}, nothing, 'w')),
        ...jobs.toReversed().map((job) => others.fail(job, error, nothing, 'v')),
      ]);
      expect(ends.filter((end) => end !== null)).toHaveLength(jobs.length);
    }
  });

  async function running(count: number): Promise<Fenced[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await source.query(
      `WITH made AS (
         INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, attempts, fence, last_seq, lease_expires_at)
         SELECT id, 'any', 'RUNNING', 'o', '{}', 60, 3, 1, 7, 1, now() + interval '1 hour' FROM unnest($1::uuid[]) AS id
         RETURNING id)
       INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'started', 'o' FROM made`,
      [ids],
    );
    return ids.map((id) => ({ id, fence: 7 }));
  }

  /** Types of a job's events, whose numbers have no gaps. */
  async function typesOf(id: string): Promise<string[]> {
    const events = await reader.events(id, { limit: 10 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect((await reader.find(id))?.lastSeq).toBe(events.length);
    return events.map(({ type }) => type);
  }
});
