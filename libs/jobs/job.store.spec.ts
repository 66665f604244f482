import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { appDataSourceOptions } from '@longhaul/persistence';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { AttemptStore } from './attempt.store.js';
import { ClaimStore, type ClaimRequest } from './claim.store.js';
import { JobStore, type Fenced } from './job.store.js';
import { longestDelayMs } from './queue.js';
import { isTerminal, jobStatuses, mayMove, transitions, type JobStatus, type TransitionName } from './job-status.js';

const error = { code: 'c', message: 'm', retryable: true };
const nothing = { progress: null, events: [] };

interface Stores {
  readonly store: JobStore;
  readonly attempts: AttemptStore;
}

/** Every transition of one job, as the store offers it. */
const moves: Record<
  Exclude<TransitionName, 'submitted' | 'started'>,
  (stores: Stores, job: Fenced) => Promise<Pick<JobEntity, 'status'> | null>
> = {
  succeeded: ({ attempts }, job) => attempts.succeed(job, { done: true }, nothing, 'a'),
  failed: ({ attempts }, job) => attempts.fail(job, error, nothing, 'a'),
  retry_scheduled: ({ attempts }, job) => attempts.retry(job, error, 10, nothing, 'a'),
  handed_over: ({ attempts }, job) => attempts.handOver(job, 'shutdown', nothing, 'a'),
  recovered: ({ store }, job) => store.recover(job, 'a'),
  cancelled: ({ store }, job) => store.cancel(job.id, 'a'),
  requeued: ({ store }, job) => store.requeue(job.id, 'a'),
  discarded: ({ store }, job) => store.discard(job.id, 'known', 'a'),
};
const names = Object.keys(moves) as (keyof typeof moves)[];
const fenced = names.filter((name) => !['cancelled', 'requeued', 'discarded'].includes(name));

describe('the store of jobs', () => {
  let database: TestDatabase;
  let source: DataSource;
  let store: JobStore;
  let claims: ClaimStore;
  let attempts: AttemptStore;
  let reader: JobReader;

  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(appDataSourceOptions(testConfig(database), [JobEntity])).initialize();
    store = new JobStore(source.getRepository(JobEntity));
    claims = new ClaimStore(source.getRepository(JobEntity));
    attempts = new AttemptStore(source.getRepository(JobEntity));
    reader = new JobReader(source.getRepository(JobEntity));
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  describe.each(jobStatuses)('a %s job', (status) => {
    it.each(names)(`is moved by "%s" only where the table of transitions says so`, async (name) => {
      const job = await jobIn(status);
      const moved = await moves[name]({ store, attempts }, job);
      expect(moved?.status ?? null).toBe(mayMove(status, name) ? transitions[name].to : null);
      const after = await reader.find(job.id);
      const events = await reader.events(job.id, { limit: 10 });
      expect(after?.status).toBe(moved?.status ?? status);
      expect(after?.lastSeq).toBe(events.length);
      expect(events.map(({ type }) => type)).toEqual(['submitted', ...(moved === null ? [] : [name])]);
    });

    it.each(fenced)('is not moved by "%s" under another fence', async (name) => {
      const job = await jobIn(status);
      expect(await moves[name]({ store, attempts }, { id: job.id, fence: job.fence - 1 })).toBeNull();
      expect(await reader.find(job.id)).toMatchObject({ status, lastSeq: 1 });
    });

    it('takes progress, logs and checkpoints only while RUNNING and under its fence', async () => {
      const job = await jobIn(status);
      const notes = { progress: null, events: [{ type: 'log' as const, message: 'hello', actor: 'a' }] };
      expect(await attempts.append(job, notes, { state: { page: 1 } })).toBe(status === 'RUNNING');
      expect(await attempts.append({ id: job.id, fence: 99 }, notes)).toBe(false);
      expect((await attempts.extendLeases([job], 30)).has(job.id)).toBe(status === 'RUNNING');
    });
  });

  it('gives a job to one of many that claim it at once', async () => {
    const kind = randomUUID();
    await jobIn('PENDING', kind);
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(kind)));
    expect(claims.filter((job) => job !== null)).toHaveLength(1);
  });

  it('gives every job away once, however many claim together', async () => {
    const kind = randomUUID();
    await Promise.all(Array.from({ length: 30 }, () => jobIn('PENDING', kind)));
    const claims = await Promise.all(Array.from({ length: 40 }, () => claim(kind)));
    const ids = claims.flatMap((job) => (job === null ? [] : [job.id]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(30);
  });

  it('gives out the higher priority first, and nothing that is not due', async () => {
    const kind = randomUUID();
    const low = await jobIn('PENDING', kind, { priority: 0 });
    const high = await jobIn('PENDING', kind, { priority: 5 });
    await jobIn('PENDING', kind, { priority: 9, run_at: new Date(Date.now() + 60_000) });
    expect([(await claim(kind))?.id, (await claim(kind))?.id, await claim(kind)]).toEqual([high.id, low.id, null]);
  });

  it('takes what is due from below higher priorities that are not', async () => {
    const kind = randomUUID();
    const later = new Date(Date.now() + 60_000);
    for (const priority of [9, 8, 7, 7]) await jobIn('PENDING', kind, { owner_id: kind, priority, run_at: later });
    const low = await jobIn('PENDING', kind, { owner_id: kind, priority: 1 });
    const high = await jobIn('PENDING', kind, { owner_id: kind, priority: 7 });
    await jobIn('PENDING', kind, { owner_id: kind, priority: -1, run_at: later });
    expect([(await claim(kind))?.id, (await claim(kind))?.id, await claim(kind)]).toEqual([high.id, low.id, null]);
  });

  it('serves the owner with the fewest running jobs first', async () => {
    const kind = randomUUID();
    for (let n = 0; n < 3; n += 1) await jobIn('PENDING', kind, { owner_id: `busy ${kind}` });
    await jobIn('PENDING', kind, { owner_id: `rare ${kind}` });
    const owners: (string | undefined)[] = [];
    for (let n = 0; n < 4; n += 1) owners.push((await claim(kind))?.ownerId.split(' ')[0]);
    expect(owners).toEqual(['busy', 'rare', 'busy', 'busy']);
  });

  it('serves owners in turn where one slot runs one job after the other, however old the jobs are', async () => {
    const kind = randomUUID();
    for (const owner of ['a', 'b', 'a', 'b', 'a', 'b']) await jobIn('PENDING', kind, { owner_id: `${owner} ${kind}` });
    await jobIn('PENDING', kind, { owner_id: `c ${kind}` });
    const owners: string[] = [];
    for (let after = '', n = 0; n < 7; n += 1) {
      const job = await claim(kind, { after });
      if (job === null) break;
      await attempts.succeed(job, {}, nothing, 'w');
      after = job.ownerId;
      owners.push(after.slice(0, 1));
    }
    expect(owners.join('')).toBe('abcabab');
  });

  it('lets no owner run more than the limit, of all kinds together, however many claim together', async () => {
    const kinds = [randomUUID(), randomUUID()];
    const owners = kinds.map((owner) => `owner ${owner}`);
    for (const kind of kinds)
      for (const owner_id of owners) for (let n = 0; n < 6; n += 1) await jobIn('PENDING', kind, { owner_id });
    const claims = await Promise.all(Array.from({ length: 24 }, (_, n) => claim(kinds[n % 2] ?? '', { perOwner: 3 })));
    const running = claims.flatMap((job) => (job === null ? [] : [job.ownerId])).sort();
    expect(running).toEqual(owners.flatMap((owner) => [owner, owner, owner]).sort());
  });

  it('lets no kind run more than the limit, however many claim together', async () => {
    const kind = randomUUID();
    const other = randomUUID();
    for (let n = 0; n < 12; n += 1) await jobIn('PENDING', kind);
    await jobIn('PENDING', other);
    const claims = await Promise.all(Array.from({ length: 12 }, () => claim(kind, { perKind: 5 })));
    expect(claims.filter((job) => job !== null)).toHaveLength(5);
    expect(await claim(other, { perKind: 5 })).not.toBeNull();
  });

  it('looks past owners without room, however many come before', async () => {
    const kind = randomUUID();
    for (let n = 0; n < 120; n += 1) {
      await jobIn('RUNNING', kind, { owner_id: `a${n} ${kind}` });
      await jobIn('PENDING', kind, { owner_id: `a${n} ${kind}` });
    }
    const { id } = await jobIn('PENDING', kind, { owner_id: `b ${kind}` });
    expect((await claim(kind, { perOwner: 1 }))?.id).toBe(id);
    expect(await claim(kind, { perOwner: 1 })).toBeNull();
  });

  it('rings for a job that is due in a year with a delay that timers can hold', async () => {
    const { id, dispatch } = await jobIn('PENDING', 'any', { run_at: new Date(Date.now() + 366 * 86_400_000) });
    const [ring] = await store.nextDispatch([{ jobId: id, dispatch }], 'early');
    expect(ring).toMatchObject({ jobId: id, dispatch: dispatch + 1, delayMs: longestDelayMs });
    expect(longestDelayMs).toBeLessThan(2 ** 31);
  });

  it('finds a claim again whose answer was lost', async () => {
    const kind = randomUUID();
    const { id } = await jobIn('PENDING', kind);
    const nonce = randomUUID();
    await claims.claimMany({ kind, lane: 'any', workerId: 'w', leaseSeconds: 30, perOwner: 0 }, [nonce]);
    expect((await claims.claimedWith([nonce])).map((job) => job.id)).toEqual([id]);
    expect(await claims.claimedWith([randomUUID()])).toEqual([]);
  });

  it('leaves jobs whose worker vanished to the isolated lane', async () => {
    const kind = randomUUID();
    const { id } = await jobIn('RUNNING', kind);
    await store.recover({ id, fence: 7 }, 'a');
    const { id: other } = await jobIn('PENDING', kind);
    expect(await reader.isolated([kind])).toEqual({ due: 1, running: 0 });
    expect((await claim(kind, { lane: 'main' }))?.id).toBe(other);
    expect(await claim(kind, { lane: 'main' })).toBeNull();
    expect((await claim(kind, { lane: 'isolated' }))?.id).toBe(id);
    expect(await reader.isolated([kind])).toEqual({ due: 0, running: 1 });
    const { id: third } = await jobIn('PENDING', kind);
    expect(await claim(kind, { lane: 'isolated' })).toBeNull();
    expect((await claim(kind, { lane: 'any' }))?.id).toBe(third);
  });

  const claim = async (
    kind: string,
    limits: Partial<Pick<ClaimRequest, 'perOwner' | 'perKind' | 'after' | 'lane'>> = {},
  ) => {
    const request = { kind, lane: 'any' as const, workerId: 'w', leaseSeconds: 30, perOwner: 0, ...limits };
    const [job] = await claims.claimMany(request, [randomUUID()]);
    return job ?? null;
  };

  /** A row in this status, written directly: most of them cannot be reached in one step. */
  async function jobIn(
    status: JobStatus,
    kind = 'any',
    columns: { priority?: number; run_at?: Date; owner_id?: string } = {},
  ): Promise<JobEntity> {
    const id = randomUUID();
    await source.query(
      `WITH made AS (
         INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, attempts, fence, last_seq,
                           lease_expires_at, finished_at, priority, run_at)
         VALUES ($1, $2, $3, $4, '{}', 60, 3, 1, 7, 1,
                 CASE WHEN $3 = 'RUNNING' THEN now() - interval '1 second' END,
                 CASE WHEN $5 THEN now() END, $6, coalesce($7, now()))
         RETURNING id)
       INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', 'o' FROM made`,
      [id, kind, status, columns.owner_id ?? id, isTerminal(status), columns.priority ?? 0, columns.run_at ?? null],
    );
    const job = await reader.find(id);
    if (job === null) throw new Error('no row');
    return job;
  }
});
