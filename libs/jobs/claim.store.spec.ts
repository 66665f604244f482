import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { ClaimStore, type ClaimedJob, type ClaimRequest } from './claim.store.js';
import { JobEntity } from './job.entity.js';

describe('claims of many jobs at once', () => {
  let database: TestDatabase;
  let source: DataSource;
  let claims: ClaimStore;
  let kind: string;

  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(appDataSourceOptions(testConfig(database), [JobEntity])).initialize();
    claims = new ClaimStore(source.getRepository(JobEntity));
  });
  beforeEach(() => {
    kind = randomUUID();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('serve owners in the order in which claims of one job would, whose turn begins with the same owner', async () => {
    await due('a', 6);
    await due('b', 2);
    await due('c', 1, 5);
    await due('d', 3, 0, 'RUNNING');
    await due('d', 2);
    const single = kind;
    await again();
    const batch = await claim(11);
    kind = single;
    const one: ClaimedJob[] = [];
    for (let n = 0; n < 11; n += 1) one.push(...(await claim(1)));
    const owners = (jobs: readonly ClaimedJob[]) => jobs.map(({ ownerId }) => ownerId.slice(0, 1)).join('');
    expect(owners(batch)).toBe('cababaadada');
    expect(owners(one)).toBe(owners(batch));
    expect(await claim(5)).toEqual([]);
  });

  it('take the jobs of one owner by priority and age, and none that is not due', async () => {
    const [old] = await due('a', 1, 0, 'PENDING', -60);
    const [high, high2] = await due('a', 2, 9);
    const [low] = await due('a', 1, 0, 'PENDING', -1);
    await due('a', 3, 20, 'PENDING', 60);
    const ids = (await claim(10)).map(({ id }) => id);
    expect(ids.slice(0, 2).sort()).toEqual([high, high2].sort());
    expect(ids.slice(2)).toEqual([old, low]);
  });

  it('give each job its own nonce, attempt and event', async () => {
    await due('a', 3);
    const nonces = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const jobs = await claim(nonces);
    expect(jobs.map(({ claimNonce }) => claimNonce)).toEqual(nonces.slice(0, 3));
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(3);
    for (const { id, claimNonce, fence, attempts, lastSeq } of jobs) {
      expect({ fence, attempts, lastSeq }).toEqual({ fence: 1, attempts: 1, lastSeq: 2 });
      expect((await claims.claimedWith([claimNonce ?? ''])).map((job) => job.id)).toEqual([id]);
      const events = await source.query<{ seq: number; type: string }[]>(
        'SELECT seq, type FROM job_events WHERE job_id = $1 ORDER BY seq',
        [id],
      );
      expect(events.at(-1)).toEqual({ seq: 2, type: 'started' });
    }
    expect(await claims.claimedWith([nonces[3]])).toEqual([]);
  });

  it.each([
    { limits: { perOwner: 2 }, owners: 'abcabc' },
    { limits: { perKind: 4 }, owners: 'abca' },
    { limits: { perOwner: 1, perKind: 7 }, owners: 'abc' },
  ])('stay within the limits of $limits', async ({ limits, owners }) => {
    for (const owner of ['a', 'b', 'c']) await due(owner, 5);
    const jobs = await claim(12, limits);
    expect(jobs.map(({ ownerId }) => ownerId.slice(0, 1)).join('')).toBe(owners);
    expect(await claim(12, limits)).toEqual([]);
  });

  it('look past the owners in view when those have too few', async () => {
    for (let owner = 100; owner < 250; owner += 1) await due(`o${owner}`, 1);
    expect(await claim(200)).toHaveLength(150);
  });

  it('leave what they do not take to others, although a transaction holds what they did take', async () => {
    await due('a', 12);
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    const held = await new ClaimStore(runner.manager.getRepository(JobEntity)).claimMany(requested(), uuids(2));
    expect(held).toHaveLength(2);
    expect(await claim(8)).toHaveLength(8);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await claim(8)).toHaveLength(4);
  });

  it('never leave a due job to nobody while somebody asks, however many claim together', async () => {
    for (let round = 0; round < 15; round += 1) {
      for (const owner of ['a', 'b', 'c']) await due(owner, 10);
      const claimed = (await Promise.all([claim(10), claim(9), claim(7), claim(4)])).flat();
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(30);
    }
  });

  const requested = (overrides: Partial<ClaimRequest> = {}): ClaimRequest => ({
    kind,
    lane: 'main',
    workerId: 'w',
    leaseSeconds: 30,
    perOwner: 0,
    ...overrides,
  });
  const claim = (wanted: number | readonly string[], overrides: Partial<ClaimRequest> = {}) =>
    claims.claimMany(requested(overrides), typeof wanted === 'number' ? uuids(wanted) : wanted);

  /** Jobs of an owner, in this status, due for so many seconds. */
  async function due(owner: string, count: number, priority = 0, status = 'PENDING', inSeconds = 0): Promise<string[]> {
    const rows = await source.query<{ id: string }[]>(
      `WITH made AS (
         INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, priority, run_at, lease_expires_at)
         SELECT gen_random_uuid(), $1, $2, $3, '{}', 60, 3, 1, $4, now() + make_interval(secs => $5),
                CASE WHEN $2 = 'RUNNING' THEN now() + interval '1 hour' END
         FROM generate_series(1, $6)
         RETURNING id), written AS (
         INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', 'o' FROM made)
       SELECT id FROM made`,
      [kind, status, `${owner} ${kind}`, priority, inSeconds, count],
    );
    return rows.map(({ id }) => id);
  }

  /** The same jobs once more, of another kind and other owners. */
  async function again(): Promise<void> {
    const other = randomUUID();
    await source.query(
      `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, priority, run_at, lease_expires_at)
       SELECT gen_random_uuid(), $2, status, replace(owner_id, $1, $2), input, timeout_seconds, max_attempts, last_seq, priority, run_at, lease_expires_at
       FROM jobs WHERE kind = $1`,
      [kind, other],
    );
    kind = other;
  }
});

function uuids(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}
