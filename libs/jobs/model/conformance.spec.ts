import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { JobEntity } from '../job.entity.js';
import { JobReader } from '../job.reader.js';
import { AttemptStore } from '../attempt.store.js';
import { ClaimStore } from '../claim.store.js';
import { JobStore } from '../job.store.js';
import { deadlineGraceSeconds, ringGraceSeconds } from '../recovery.js';
import { JobTable, type Fenced, type Ring, type Row } from './job-table.js';
import { limits, productionRules } from './rules.js';
import { Witness } from './witness.js';

/** A failure is played again with MODEL_SEED set to the seed that was printed. */
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000);
const sequences = 150;
const maxAttempts = 2;
const timeoutSeconds = 60;
const retryMs = 10_000;
const error = { code: 'c', message: 'm', retryable: true };
const note = { progress: null, events: [{ type: 'log' as const, message: 'hello', actor: 'a' }] };

/** What both the store and the model of it can be asked to do with one job. */
const commands = [
  'claim',
  'time passes',
  'extend',
  'append',
  'succeed',
  'fail',
  'retry',
  'hand over',
  'recover',
  'quarantine',
  'cancel',
  'requeue',
  'ring early',
  'ring pending',
  'find a claim',
  'look for lost work',
] as const;

interface Command {
  readonly name: (typeof commands)[number];
  /** How far the fence or the doorbell's number is behind the present one. */
  readonly behind: number;
  /** For the passing of time. No sum of few of these meets a limit, so the milliseconds that really pass do not matter. */
  readonly ms: number;
}

const command = fc.record<Command>(
  {
    name: fc.constantFrom(...commands, 'claim', 'claim', 'time passes', 'time passes'),
    behind: fc.constantFrom(0, 0, 0, 1),
    ms: fc.constantFrom(7_300, 11_300, 41_300),
  },
  { noNullPrototype: true },
);

describe('the model of the table of jobs', () => {
  let database: TestDatabase;
  let source: DataSource;
  let superuser: Client;
  let store: JobStore;
  let claims: ClaimStore;
  let attempts: AttemptStore;
  let reader: JobReader;

  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(appDataSourceOptions(testConfig(database), [JobEntity])).initialize();
    superuser = new Client({ connectionString: database.adminUrl });
    await superuser.connect();
    store = new JobStore(source.getRepository(JobEntity));
    claims = new ClaimStore(source.getRepository(JobEntity));
    attempts = new AttemptStore(source.getRepository(JobEntity));
    reader = new JobReader(source.getRepository(JobEntity));
  });
  afterAll(async () => {
    await superuser.end();
    await source.destroy();
    await database.drop();
  });

  it(`says what PostgreSQL says, command by command (MODEL_SEED=${seed})`, async () => {
    const statuses = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 14 }), async (list) => {
        const pair = await Pair.start();
        for (const [index, one] of list.entries()) {
          const [real, model] = await pair.both(one);
          const where = `${index + 1}. ${one.name}`;
          expect([where, real]).toEqual([where, model]);
          const row = await pair.real();
          expect([where, row]).toEqual([where, pair.model()]);
          statuses.add(row.status);
        }
        expect(await pair.realEvents()).toEqual(pair.events);
        await superuser.query(`DELETE FROM jobs WHERE id = $1`, [pair.id]);
      }),
      { seed, numRuns: sequences },
    );
    expect([...statuses].sort()).toEqual(['CANCELLED', 'FAILED', 'PENDING', 'RUNNING', 'SUCCESS']);
  }, 60_000);

  /** One job, in PostgreSQL and in the model. */
  class Pair {
    readonly id = randomUUID();
    /** Types of its events as the model has them. */
    readonly events: string[] = [];
    private readonly kind = randomUUID();
    private readonly line = { kind: this.kind, lane: 'any', perOwner: 0, perKind: 0 } as const;
    private readonly nonces: string[] = [];
    private readonly table = new JobTable(productionRules, new Witness(), (_row, name) => this.events.push(name));

    static async start(): Promise<Pair> {
      const pair = new Pair();
      const { id, kind } = pair;
      const rest = { ownerId: id, input: {}, metadata: {}, priority: 0, runAt: null, idempotencyKey: null };
      await store.insert([{ id, kind, timeoutSeconds, maxAttempts, requestHash: null, traceparent: null, ...rest }]);
      pair.table.insert({ id, maxAttempts, timeoutSeconds });
      // Statements take a moment: what is due at once is due for certain.
      pair.table.now += 1;
      return pair;
    }

    /** Runs it on both sides. Answers with whether each was done, or with what each found. */
    async both({ name, behind, ms }: Command): Promise<[unknown, unknown]> {
      const { id, table } = this;
      const row = this.row();
      const attempt: Fenced = { id, fence: row.fence - behind };
      const done = (real: unknown, model: unknown): [boolean, boolean] => [isDone(real), isDone(model)];
      table.now += 1;
      switch (name) {
        case 'claim':
          return this.claim();
        case 'time passes':
          return this.pass(ms);
        case 'extend':
          return done(
            (await attempts.extendLeases([attempt], limits.LEASE_SECONDS)).has(id),
            table.extendLeases([attempt], 0).has(id),
          );
        case 'append':
          return done(await attempts.append(attempt, note), this.noted(table.append(attempt, 1)));
        case 'succeed':
          return done(await attempts.succeed(attempt, {}, note, 'a'), this.noted(table.succeed(attempt, 1), -1));
        case 'fail':
          return done(await attempts.fail(attempt, error, note, 'a'), this.noted(table.fail(attempt, 1), -1));
        case 'retry':
          // Never asked for: outcomeOfError fails the job instead.
          if (row.attempts >= maxAttempts) return [null, null];
          return done(
            await attempts.retry(attempt, error, retryMs, note, 'a'),
            this.noted(table.retry(attempt, retryMs, 1), -1),
          );
        case 'hand over':
          return done(
            await attempts.handOver(attempt, 'shutdown', note, 'a'),
            this.noted(table.handOver(attempt, 1), -1),
          );
        case 'recover':
          // Never asked for either: verdictOnLapsed quarantines the job instead.
          if (row.recoveries >= limits.MAX_RECOVERIES) return [null, null];
          return done(await store.recover(attempt, 'a'), table.recover(attempt));
        case 'quarantine':
          return done(await store.quarantine(attempt, error, 'a'), table.quarantine(attempt));
        case 'cancel':
          return done(await store.cancel(id, 'a'), table.cancel(id));
        case 'requeue':
          return done(await store.requeue(id, 'a'), table.requeue(id));
        case 'ring early':
          return this.ring(row.dispatch - behind, 'early');
        case 'ring pending':
          return this.ring(row.dispatch - behind, 'pending');
        case 'find a claim': {
          const nonce = this.nonces.length - behind;
          const [found] = await claims.claimedWith([this.nonces[nonce - 1] ?? randomUUID()]);
          return done(found ?? null, table.claimedWith(nonce));
        }
        case 'look for lost work':
          return this.look();
      }
    }

    /** The row as PostgreSQL has it, as far as the model has it too. */
    async real() {
      const job = await reader.find(this.id);
      if (job === null) throw new Error('no row');
      return shown({ ...job, leaseExpiresAt: job.leaseExpiresAt?.getTime() ?? null });
    }

    model() {
      return shown(this.row());
    }

    async realEvents(): Promise<string[]> {
      const events = await reader.events(this.id, { limit: 100 });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      return events.map(({ type }) => type);
    }

    private row(): Row {
      const row = this.table.rows.get(this.id);
      if (row === undefined) throw new Error('no row');
      return row;
    }

    private async claim(): Promise<[boolean, boolean]> {
      const nonce = randomUUID();
      this.nonces.push(nonce);
      const leaseSeconds = limits.LEASE_SECONDS;
      const real = await claims.claimMany({ ...this.line, workerId: 'w', leaseSeconds }, [nonce]);
      return [real.length > 0, this.table.claim(this.nonces.length, 0) !== null];
    }

    /** Moves the database's clock for this job, by moving all that the job has to do with time. */
    private async pass(ms: number): Promise<[null, null]> {
      await superuser.query(
        `UPDATE jobs SET run_at = run_at - earlier, enqueued_at = enqueued_at - earlier,
                         lease_expires_at = lease_expires_at - earlier, deadline_at = deadline_at - earlier
         FROM make_interval(secs => $2) AS earlier WHERE id = $1`,
        [this.id, ms / 1000],
      );
      this.table.now += ms;
      return [null, null];
    }

    private async ring(dispatch: number, which: 'early' | 'pending'): Promise<[unknown, unknown]> {
      const bells = [{ jobId: this.id, dispatch }];
      const real = await store.nextDispatch(bells, which);
      return [roughly(real), roughly(this.table.nextDispatch(bells, which))];
    }

    /** The reader's three questions, with the limits of the reconciler; the server is taken to be up for long. */
    private async look(): Promise<[unknown, unknown]> {
      const mine = (rows: readonly { id: string }[]) => rows.some(({ id }) => id === this.id);
      const { table } = this;
      return [
        [
          mine(await reader.lapsed(-1)),
          mine(await reader.overdue(deadlineGraceSeconds, limits.LEASE_SECONDS)),
          mine(await reader.due(this.line, ringGraceSeconds, 10)),
        ],
        [mine(table.lapsed()), mine(table.overdue()), mine(table.due())],
      ];
    }

    /** Puts the note that came along among the events: before the transition's own, if there is one. */
    private noted<T>(done: T, at = this.events.length): T {
      if (isDone(done)) this.events.splice(at, 0, 'log');
      return done;
    }
  }
});

function isDone(answer: unknown): boolean {
  return answer !== null && answer !== false;
}

/** What must be the same; of the lease only whether there is one: its time shows in what may be recovered. */
function shown(
  row: Pick<Row, 'status' | 'attempts' | 'recoveries' | 'fence' | 'lastSeq' | 'dispatch' | 'leaseExpiresAt'>,
) {
  const { status, attempts, recoveries, fence, lastSeq, dispatch, leaseExpiresAt } = row;
  return { status, attempts, recoveries, fence, lastSeq, dispatch, leased: leaseExpiresAt !== null };
}

function roughly(rings: readonly Ring[]) {
  return rings.map(({ jobId, dispatch, delayMs }) => ({ jobId, dispatch, seconds: Math.round(delayMs / 1000) }));
}
