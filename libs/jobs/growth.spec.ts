import { EventEmitter } from 'node:events';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import type { JobEntity } from './job.entity.js';
import type { SubmitRequest } from './jobs.service.js';
import {
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  type TestApi,
  type TestWorker,
  until,
} from './testing.js';

/** What EXPLAIN says of one node of a plan. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement that was executed, with what its plan met. */
interface Execution {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

const kind = testKind('growing', () => Promise.resolve({}));
const owners = 50;
/** Of which one in ten waits: more than a few rounds of the reconciler look at. */
const few = 12_000;
const many = 72_000;
/** One that has ended. */
const ended = idOf(1);
/** A larger table may add a level to each index, and a statement goes down a few of them. */
const levels = 20;

/** A table with so many jobs, of which one in ten waits and the others have ended; and what works on it. */
class Grown {
  private constructor(
    readonly database: TestDatabase,
    readonly sql: Client,
    readonly api: TestApi,
    readonly worker: TestWorker,
  ) {}

  static async to(jobs: number): Promise<Grown> {
    const database = await testDatabase();
    const sql = new Client({ connectionString: database.adminUrl });
    await sql.connect();
    await fill(sql, jobs);
    await explainAll(sql, new URL(database.adminUrl).pathname.slice(1));
    const config = testConfig(database, { RECONCILE_SECONDS: 3_600, MAX_UNFINISHED_PER_OWNER: 1_000_000 });
    const api = await startTestApi(config, [kind]);
    const worker = await startTestWorker(config, [kind], []);
    await until(() => isQuiet(sql));
    return new Grown(database, sql, api, worker);
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.api.close();
    await this.sql.end();
    await this.database.drop();
  }

  /** Every statement on jobs and their events that an action executes. */
  async executionsOf(action: () => Promise<unknown>): Promise<Execution[]> {
    const executions: Execution[] = [];
    const emit = jest.spyOn(Client.prototype, 'emit').mockImplementation(function (this: Client, ...event) {
      const [name, notice] = event as unknown as [string, { readonly message?: string } | undefined];
      const plan = name === 'notice' ? /^duration: .* plan:\n(.*)$/s.exec(notice?.message ?? '')?.[1] : undefined;
      if (plan !== undefined) executions.push(JSON.parse(plan) as Execution);
      return EventEmitter.prototype.emit.apply(this, event);
    });
    try {
      await action();
    } finally {
      emit.mockRestore();
    }
    // BullMQ has a table of the same name, and comments on its statements.
    return executions.filter(({ 'Query Text': text }) => /\b(jobs|job_events)\b/.test(text) && !text.startsWith('--'));
  }
}

/** From now on every connection of the apps is told the plan of each statement, when it has been executed. */
async function explainAll(sql: Client, database: string): Promise<void> {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_parameter_max_length': '0',
  };
  await sql.query(`LOAD 'auto_explain'`);
  for (const [name, value] of Object.entries(settings)) {
    await sql.query(`ALTER DATABASE ${database} SET ${name} = '${value}'`);
  }
}

/** Whether nothing is left of what the apps do when they start. */
async function isQuiet(sql: Client): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
  );
  return rows.length === 0;
}

/** Id of the nth job that {@link fill} makes. */
function idOf(n: number): string {
  const hex = (number: number) => number.toString(16).padStart(12, '0');
  const time = hex(1_700_000_000_000 + n);
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(n)}`;
}

async function fill(sql: Client, jobs: number): Promise<void> {
  await sql.query(
    `INSERT INTO jobs (id, kind, owner_id, status, input, timeout_seconds, max_attempts, last_seq, attempts, priority,
                       created_at, run_at, enqueued_at, started_at, finished_at)
     SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
            'growing', 'owner-' || n % $2, CASE WHEN n % 10 = 0 THEN 'PENDING' ELSE 'SUCCESS' END, '{}', 60, 3,
            CASE WHEN n % 10 = 0 THEN 1 ELSE 3 END, CASE WHEN n % 10 = 0 THEN 0 ELSE 1 END, n % 3, at, at, at,
            CASE WHEN n % 10 > 0 THEN at END, CASE WHEN n % 10 > 0 THEN at END
     FROM generate_series(1, $1::integer) n, LATERAL (SELECT now() - make_interval(secs => ($1 - n) / 100.0) AS at) age`,
    [jobs, owners],
  );
  await sql.query(
    `INSERT INTO job_events (job_id, seq, type, actor)
     SELECT id, seq, 'progress', 'test' FROM jobs, generate_series(1, last_seq) seq`,
  );
  await sql.query('VACUUM ANALYZE jobs');
  await sql.query('VACUUM ANALYZE job_events');
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

describe('the cost of', () => {
  let small: Grown;
  let large: Grown;

  beforeAll(async () => {
    [small, large] = await Promise.all([Grown.to(few), Grown.to(many)]);
  }, 120_000);
  afterAll(async () => {
    await small.close();
    await large.close();
  });

  const owned = (overrides: Partial<SubmitRequest> = {}) => request(kind, { ownerId: 'owner-7', ...overrides });
  const list = (grown: Grown, filter: object) => grown.api.jobs.list({ limit: 50, ...filter });
  const claimed = async ({ worker, api }: Grown): Promise<JobEntity> => {
    const handled: string[] = [];
    await worker.runner.serveNext({
      kind: kind.definition,
      handle: ({ jobId }) => {
        handled.push(jobId);
        return Promise.resolve({});
      },
    });
    const job = await api.jobs.find(handled[0] ?? '');
    if (job === null) throw new Error('nothing was claimed');
    return job;
  };

  it.each<[string, (grown: Grown) => Promise<unknown>]>([
    ['a submit', ({ api }) => api.jobs.submit(owned())],
    ['a submit with a key', ({ api }) => api.jobs.submit(owned({ idempotencyKey: uuidV7(), requestHash: 'h' }))],
    ['a claim and its end', claimed],
    ['a read', ({ api }) => api.jobs.show(ended)],
    ['a page of a list', (grown) => list(grown, { ownerId: 'owner-7' })],
    ['a page of ended tasks', (grown) => list(grown, { ownerId: 'owner-7', status: ['SUCCESS'] })],
    ['a page of everybody’s tasks', (grown) => list(grown, {})],
    ['a place in line', async ({ api }) => api.jobs.placeInLine(await submitted(api, owned({ priority: 9 })))],
    ['a cancel', async ({ api }) => api.jobs.cancel((await submitted(api, owned())).id, 'admin')],
  ])('%s does not grow with the table', async (_name, action) => {
    const blocks: number[] = [];
    for (const grown of [small, large]) {
      // Once before, for what is only read at times, or by what has just been started.
      await action(grown);
      await until(() => isQuiet(grown.sql));
      const executions = await grown.executionsOf(() => action(grown));
      expect(executions).not.toEqual([]);
      const nodes = executions.flatMap(({ Plan }) => nodesOf(Plan));
      const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);
      if (grown === large) expect(scanned).not.toEqual(expect.arrayContaining(['jobs']));
      expect(scanned).not.toEqual(expect.arrayContaining(['job_events']));
      blocks.push(
        executions.reduce((sum, { Plan }) => sum + Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'], 0),
      );
    }
    const [before, after] = blocks as [number, number];
    expect(after).toBeLessThanOrEqual(before * 1.2 + levels);
  });
});
