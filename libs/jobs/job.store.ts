import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import type { JobError, JobEventType, LogLevel } from './job-event.js';
import { jobColumns } from './job-rows.js';
import { transitions, type TransitionName } from './job-status.js';
import { JobEntity } from './job.entity.js';
import { toJsonb } from './jsonb.js';
import { longestDelayMs } from './queue.js';

/** An event still to be written; the statement that writes it gives it its number and its time. */
export interface NewEvent {
  readonly type: JobEventType;
  readonly level?: LogLevel;
  readonly message?: string | null;
  readonly data?: unknown;
  readonly actor: string;
}

/** A job still to be written; `runAt` null means now, in database time. */
export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly ownerId: string;
  readonly input: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly priority: number;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  readonly runAt: Date | null;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  readonly traceparent: string | null;
}

/** The attempt on whose behalf something is written: refused unless the job is RUNNING under this very fence. */
export interface Fenced {
  readonly id: string;
  readonly fence: number;
}

/**
 * The SQL that changes `jobs` on behalf of clients, admins and the reconciler; that of claims and of running attempts is
 * in ClaimStore and AttemptStore. Each transition is one UPDATE, guarded by the statuses it may start from and by the
 * fence, with its events in the same statement. No row back is a normal answer: somebody else was there first.
 */
@Injectable()
export class JobStore {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /**
   * Writes jobs with their first event, in one statement. A job whose idempotency key its owner has used already is
   * left out of the answer; the caller reads that one.
   * @param manager of the transaction to write in.
   */
  async insert(newJobs: readonly NewJob[], manager = this.jobs.manager): Promise<JobEntity[]> {
    // Rows of one statement go in the order of their keys, so that crossing batches cannot deadlock on the key index.
    const rows = [...newJobs].sort((a, b) => compare(keyOf(a), keyOf(b)));
    const made = await preparedQuery<MadeRow>(
      manager,
      `WITH wanted AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS row(
           "id" uuid, "kind" text, "ownerId" text, "input" jsonb, "metadata" jsonb, "priority" integer,
           "timeoutSeconds" integer, "maxAttempts" integer, "runAt" timestamptz, "idempotencyKey" text,
           "requestHash" text, "traceparent" text)
       ), made AS (
         INSERT INTO jobs (id, kind, owner_id, input, metadata, priority, timeout_seconds, max_attempts, run_at,
                           idempotency_key, request_hash, traceparent, last_seq)
         SELECT "id", "kind", "ownerId", "input", "metadata", "priority", "timeoutSeconds", "maxAttempts",
                greatest("runAt", now()), "idempotencyKey", "requestHash", "traceparent", 1
         FROM wanted
         ON CONFLICT (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
         RETURNING id, owner_id, run_at, created_at
       ), written AS (
         INSERT INTO job_events (job_id, seq, type, actor) SELECT id, 1, 'submitted', owner_id FROM made
       )
       SELECT id, run_at AS "runAt", created_at AS "createdAt" FROM made`,
      [toJsonb(rows)],
    );
    const byId = new Map(newJobs.map((job) => [job.id, job]));
    return made.flatMap((row) => {
      const job = byId.get(row.id);
      return job === undefined ? [] : [asInserted(job, row)];
    });
  }

  /** Takes a job from a worker that vanished: its lease has run out, by database time. */
  recover(attempt: Fenced, actor: string): Promise<JobEntity | null> {
    const event: NewEvent = { type: 'recovered', level: 'warn', message: 'The worker vanished.', actor };
    const set = `${released}, ${rung}, attempts = greatest(attempts - 1, 0), recoveries = recoveries + 1`;
    return this.move(attempt, 'recovered', [event], set, [], 'AND lease_expires_at < now()');
  }

  /** Ends a job whose lease has run out too often. */
  quarantine(attempt: Fenced, error: JobError, actor: string): Promise<JobEntity | null> {
    const event: NewEvent = { type: 'failed', level: 'error', message: error.message, data: { error }, actor };
    const set = `${released}, finished_at = now(), error = $5::jsonb`;
    return this.move(attempt, 'failed', [event], set, [toJsonb(error)], 'AND lease_expires_at < now()');
  }

  /** Ends a PENDING or RUNNING job at once, whatever its worker is doing: a late result is refused. */
  cancel(id: string, actor: string): Promise<JobEntity | null> {
    const set = `lease_expires_at = NULL, deadline_at = NULL, finished_at = now()`;
    return this.move({ id, fence: null }, 'cancelled', [{ type: 'cancelled', actor }], set, []);
  }

  /**
   * Opens a new round of a FAILED job, with a new budget of attempts and recoveries. The canary of a group stays one: what
   * becomes of it still says how the group would fare.
   */
  requeue(id: string, actor: string): Promise<JobEntity | null> {
    return this.move({ id, fence: null }, 'requeued', [{ type: 'requeued', actor }], newRound, []);
  }

  /** Notes that a FAILED job needs nothing more, and why. It stays FAILED, and may still be requeued. */
  discard(id: string, reason: string, actor: string): Promise<JobEntity | null> {
    const event: NewEvent = { type: 'discarded', message: reason, actor };
    return this.move({ id, fence: null }, 'discarded', [event], `discarded_at = now()`, [], 'AND discarded_at IS NULL');
  }

  /**
   * Gives pending jobs a new doorbell number; jobs that were claimed or rung again meanwhile are left out.
   * @param which `early`: only those that are not due yet.
   */
  async nextDispatch(
    doorbells: readonly { readonly jobId: string; readonly dispatch: number }[],
    which: 'early' | 'pending',
  ): Promise<{ jobId: string; kind: string; dispatch: number; delayMs: number }[]> {
    return this.jobs.query(
      `WITH wanted AS (
         SELECT jobs.id FROM unnest($1::uuid[], $2::integer[]) AS rung(id, dispatch)
         JOIN jobs ON jobs.id = rung.id AND jobs.dispatch = rung.dispatch AND jobs.status = 'PENDING'
         WHERE $3 = 'pending' OR jobs.run_at > now()
         ORDER BY jobs.id FOR UPDATE OF jobs SKIP LOCKED
       ), moved AS (
         UPDATE jobs SET dispatch = dispatch + 1, enqueued_at = now() FROM wanted WHERE jobs.id = wanted.id
         RETURNING jobs.*
       )
       SELECT id AS "jobId", kind, dispatch,
              least($4, greatest(0, ceil(extract(epoch FROM run_at - now()) * 1000)))::integer AS "delayMs" FROM moved`,
      [doorbells.map(({ jobId }) => jobId), doorbells.map(({ dispatch }) => dispatch), which, longestDelayMs],
    );
  }

  /**
   * The one guarded UPDATE behind the transitions of a single job.
   * @param set further assignments; its parameters start at $5.
   * @param guard one more condition, starting with AND.
   */
  private async move(
    { id, fence }: { readonly id: string; readonly fence: number | null },
    name: TransitionName,
    events: readonly NewEvent[],
    set: string,
    params: readonly unknown[],
    guard = '',
  ): Promise<JobEntity | null> {
    const { from, to } = transitions[name];
    const rows = await this.jobs.query<JobEntity[]>(
      `WITH moved AS (
         UPDATE jobs SET status = '${to}', last_seq = last_seq + jsonb_array_length($3::jsonb), ${set}
         WHERE id = $1 AND status = ANY($2) AND ($4::integer IS NULL OR fence = $4) ${guard}
         RETURNING *
       ), written AS (${writeEvents('$3')})
       SELECT ${jobColumns(this.jobs, 'moved')} FROM moved`,
      [id, from, toJsonb(events), fence, ...params],
    );
    return rows[0] ?? null;
  }
}

/** Assignments of a job that no worker owns any more. */
const released = `lease_expires_at = NULL, deadline_at = NULL`;

/** Assignments of a job that is due now and whose doorbell will be rung anew. */
const rung = `run_at = now(), enqueued_at = now(), dispatch = dispatch + 1`;

/** Assignments of a FAILED job that begins anew. */
export const newRound = `attempts = 0, recoveries = 0, error = NULL, finished_at = NULL, started_at = NULL,
                         discarded_at = NULL, ${rung}`;

/** INSERT of a JSON array of events behind each `moved` row: numbered under its row lock, hence without gaps. */
export function writeEvents(parameter: string): string {
  return `INSERT INTO job_events (job_id, seq, type, level, message, data, actor)
          SELECT moved.id, moved.last_seq - jsonb_array_length(${parameter}::jsonb) + event.position,
                 event.body ->> 'type', coalesce(event.body ->> 'level', 'info'), event.body ->> 'message',
                 nullif(event.body -> 'data', 'null'), event.body ->> 'actor'
          FROM moved, jsonb_array_elements(${parameter}::jsonb) WITH ORDINALITY AS event(body, position)`;
}

/** What the database adds to a job that it takes. */
interface MadeRow {
  readonly id: string;
  readonly runAt: Date;
  readonly createdAt: Date;
}

/** The row of a job that was just inserted: all of it is known here, so none of it is sent back. */
function asInserted(job: NewJob, { runAt, createdAt }: MadeRow): JobEntity {
  return {
    ...job,
    runAt,
    createdAt,
    enqueuedAt: createdAt,
    status: 'PENDING',
    lastSeq: 1,
    dispatch: 1,
    attempts: 0,
    recoveries: 0,
    fence: 0,
    result: null,
    error: null,
    progress: null,
    checkpoint: null,
    deadlineAt: null,
    claimNonce: null,
    leaseExpiresAt: null,
    workerId: null,
    startedAt: null,
    finishedAt: null,
    discardedAt: null,
  };
}

/** In the order of what the key index holds; without a key there is nothing to collide on. */
function keyOf({ idempotencyKey, ownerId }: NewJob): string {
  return idempotencyKey === null ? '' : `${ownerId}\u001f${idempotencyKey}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
