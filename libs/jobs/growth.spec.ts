import { Client } from 'pg';
import { testConfig, testDatabase } from '@longhaul/persistence/testing';
import { agedTogether, operations, type Grown, type Operation } from '../../test/support/growth/operations.js';
import { executionsOf, explainAll } from '../../test/support/growth/statements.js';
import { lookedAt, type JobPage } from './job-page.js';
import { enoughDoorbells } from './doorbells.js';
import { countedPending, sampledJobs } from './overview.reader.js';
import { startTestApi, startTestWorker, testKind, until, type TestApi } from './testing.js';

const kind = testKind('growing', () => Promise.resolve({}));
const owners = 50;
/** Of which one in ten waits: more than a round of the reconciler looks at. */
const few = 12_000;
const many = 72_000;
/** In either: what a group of failures costs is counted in its jobs. */
const failed = 40;
/** Statements that run at times, whatever the operation. */
const others = [
  // BullMQ comments on its own, and has a table of the same name.
  /^--/,
  // Unfinished jobs: a count is good for a second for an owner, and for up to half a minute for everybody.
  /^SELECT count\(\*\)::integer AS count/,
  // The signals of the queue, once a minute.
  /^WITH waiting AS/,
  // The pace of the kinds, good for five seconds.
  /^WITH ended AS/,
];
const growing = ['jobs', 'job_events', 'removed_jobs'];
/** A larger table may add a level to each index, and a statement goes down a few of them. */
const levels = 12;
const times = 4;
/** Statements that look at so many rows at most, each of which may lie in a block of its own in the larger table. */
const bounds = [
  { statement: /AND enqueued_at < now\(\)/, rows: enoughDoorbells },
  { statement: /\) looked WHERE/, rows: 100 },
  { statement: /\) looked GROUP BY status/, rows: 4 * lookedAt },
  { statement: /^WITH busy AS/, rows: countedPending },
  // Entry, row and lock of the aged jobs of this sweep, and of what the index still has of the sweeps before.
  { statement: /AS events_before FROM old/, rows: 3 * times * agedTogether },
  // Submits, ends, and ends that were no success, of 72 pieces of time.
  { statement: /^WITH pieces AS/, rows: 3 * 72 * sampledJobs },
];
/** So many that more come in two hours than a page is looked for in. */
const everyMs = 100;
/** The last job of the larger table came a minute ago. */
const start = Date.now() - many * everyMs - 60_000;

/** So many jobs in a database of their own, of which one in ten waits, a few have failed and the others have succeeded. */
async function grownTo(jobs: number): Promise<Grown & { close(): Promise<void> }> {
  const database = await testDatabase();
  const sql = new Client({ connectionString: database.adminUrl });
  await sql.connect();
  await fill(sql, jobs);
  await explainAll(sql);
  const limits = { MAX_UNFINISHED_PER_OWNER: 1_000_000, LEASE_SECONDS: 1 };
  const config = testConfig(database, { RECONCILE_SECONDS: 3_600, ...limits });
  const api = await startTestApi(config, [kind]);
  await ringEnough(api, sql);
  const worker = await startTestWorker(config, [kind], []);
  // The round that a reconciler begins with.
  await worker.reconciler.reconcile();
  await until(() => isQuiet(sql));
  const close = async () => {
    await worker.close();
    await api.close();
    await sql.end();
    await database.drop();
  };
  const jobIds = { ended: idOf(jobs - 1), old: idOf(jobs / 4), early: new Date(timeOf(jobs / 4)) };
  return { sql, api, worker, kind, owner: 'owner-7', input: {}, ...jobIds, close };
}

/** Whether nothing is left of what the apps do when they start. */
async function isQuiet(sql: Client): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
  );
  return rows.length === 0;
}

/** As in a backlog: so many doorbells wait that the reconciler has none to ring. */
async function ringEnough(api: TestApi, sql: Client): Promise<void> {
  const { rows } = await sql.query<{ jobId: string }>(`SELECT id AS "jobId" FROM jobs WHERE status = 'PENDING'`);
  await api.doorbells.ring(rows.map(({ jobId }) => ({ jobId, kind: 'growing', dispatch: 1, delayMs: 0 })));
}

/** When the nth job came. */
function timeOf(n: number): number {
  return start + n * everyMs;
}

/** Id of the nth job that {@link fill} makes. */
function idOf(n: number): string {
  const hex = (number: number) => number.toString(16).padStart(12, '0');
  const time = hex(timeOf(n));
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(n)}`;
}

async function fill(sql: Client, jobs: number): Promise<void> {
  await sql.query(
    `INSERT INTO jobs (id, kind, owner_id, status, input, timeout_seconds, max_attempts, last_seq, attempts, priority,
                       error, metadata, created_at, run_at, enqueued_at, started_at, finished_at)
     SELECT (lpad(to_hex($4::bigint + n * $5), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
            'growing', CASE WHEN n <= $3 THEN 'unlucky' ELSE 'owner-' || n % $2 END,
            CASE WHEN n <= $3 THEN 'FAILED' WHEN waits = 1 THEN 'PENDING' ELSE 'SUCCESS' END, '{}', 60, 3,
            3 - waits * 2, 1 - waits, n % 3, CASE WHEN n <= $3 THEN jsonb_build_object('code', 'c' || n % 4) END,
            CASE WHEN n <= $3 THEN '{"note": "rare"}' ELSE '{}' END::jsonb, at, at, at, CASE WHEN waits = 0 THEN at END, CASE WHEN waits = 0 THEN at END
     FROM generate_series(1, $1::integer) n,
          LATERAL (SELECT to_timestamp($4::bigint / 1000.0 + n * $5::integer / 1000.0) AS at) age,
          LATERAL (SELECT (n > $3 AND n % 10 = 0)::integer AS waits) state`,
    [jobs, owners, failed, start, everyMs],
  );
  await sql.query(
    `INSERT INTO job_events (job_id, seq, type, actor)
     SELECT id, seq, 'progress', 'test' FROM jobs, generate_series(1, last_seq) seq`,
  );
  await sql.query(
    `INSERT INTO removed_jobs (id, owner_id) SELECT gen_random_uuid(), 'gone' FROM generate_series(1, $1 / 10)`,
    [jobs],
  );
  for (const table of growing) await sql.query(`VACUUM ANALYZE ${table}`);
}

/** What a statement of an operation has met in some times that it was executed. */
interface Met {
  /** The fewest of these times, since now and then a page is split or cleaned up on the way. */
  readonly blocks: number;
  readonly times: number;
}

/** By the text of each statement. @throws Error when one reads a whole table. */
async function touched(grown: Grown, operation: Operation): Promise<Map<string, Met>> {
  const met = new Map<string, Met>();
  for (let time = 0; time < times; time += 1) {
    const most = new Map<string, number>();
    for (const { text, blocks, tables, scanned } of await executionsOf(() => operation(grown))) {
      if (others.some((other) => other.test(text)) || !tables.some((name) => growing.includes(name))) continue;
      if (scanned.some((name) => growing.includes(name))) throw new Error(`reads all: ${text}`);
      most.set(text, Math.max(most.get(text) ?? 0, blocks));
    }
    for (const [text, blocks] of most) {
      const before = met.get(text) ?? { blocks: Infinity, times: 0 };
      met.set(text, { blocks: Math.min(before.blocks, blocks), times: before.times + 1 });
    }
  }
  return met;
}

/** Statements that an operation executes each time in one table, and never in the other. */
function onlyIn(one: ReadonlyMap<string, Met>, other: ReadonlyMap<string, Met>): string[] {
  return [...one].flatMap(([text, met]) => (met.times === times && !other.has(text) ? [text] : []));
}

describe('the cost of', () => {
  let small: Awaited<ReturnType<typeof grownTo>>;
  let large: typeof small;

  beforeAll(async () => {
    [small, large] = await Promise.all([grownTo(few), grownTo(many)]);
  }, 120_000);
  afterAll(async () => {
    await small.close();
    await large.close();
  });

  it.each(Object.entries(operations))('%s does not grow with the table', async (_, operation) => {
    const [before, after] = [await touched(small, operation), await touched(large, operation)];
    expect({ small: onlyIn(before, after), large: onlyIn(after, before) }).toEqual({ small: [], large: [] });
    const both = [...before].flatMap(([text, { blocks }]) => {
      const larger = after.get(text);
      return larger === undefined ? [] : [{ text, blocks, larger: larger.blocks }];
    });
    expect(both).not.toEqual([]);
    for (const { text, blocks, larger } of both) {
      const { rows } = bounds.find(({ statement }) => statement.test(text)) ?? { rows: 0 };
      const most = Math.max(rows, blocks * 1.2) + levels;
      expect([text, Math.max(most, larger)]).toEqual([text, most]);
    }
  });

  it('a page of what is rare is looked for in so many tasks at most, and then in the next ones', async () => {
    const filter = { q: idOf(1), limit: 50 };
    const found: number[] = [];
    let beforeId: string | null | undefined;
    do {
      const wanted = { ...filter, ...(beforeId && { beforeId }) };
      const page = await large.api.jobs.page(wanted);
      found.push(page.jobs.length);
      beforeId = page.below;
    } while (beforeId !== null);
    expect(found.slice(0, -1).every((count) => count === 0)).toBe(true);
    expect(found.at(-1)).toBe(1);
    expect(found).toHaveLength(Math.ceil(many / lookedAt));
  });

  it('what a page lists and where it ends are read at one moment, or a task that comes in between would move the end', async () => {
    const filter = { q: 'no such text', beforeId: idOf(many), limit: 50 };
    const pages: JobPage[] = [];
    const all = await executionsOf(async () => pages.push(await large.api.jobs.page(filter)));
    expect(pages).toEqual([{ jobs: [], below: idOf(many - lookedAt) }]);
    expect(all.filter(({ text }) => text.includes('ORDER BY id DESC'))).toHaveLength(1);
  });

  it('a page before a time is full, however many tasks came soon after it', async () => {
    const { jobs } = await large.api.jobs.page({ createdBefore: large.early, kind: ['growing'], limit: 50 });
    const next = many / 4 - 1;
    expect(jobs.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => idOf(next - n)));
  });

  it('a page that skips some is looked for in all tasks', async () => {
    const { jobs } = await large.api.jobs.page({ q: 'rare', skip: 5, limit: 50 });
    expect(jobs.map(({ id }) => id)).toEqual(Array.from({ length: failed - 5 }, (_, n) => idOf(failed - 5 - n)));
  });
});
