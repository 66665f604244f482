import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import type { JobError, JobEventType, JobProgress, LogLevel } from './job-event.js';
import { jobColumns } from './job-rows.js';
import { ofLane, type Lane } from './lane.js';
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

/** What a running attempt has to say since it last wrote. */
export interface AttemptNotes {
  readonly progress: JobProgress | null;
  readonly events: readonly NewEvent[];
}

export interface ClaimRequest {
  readonly kind: string;
  readonly lane: Lane;
  readonly workerId: string;
  /** Recognises this claim again when the answer to it was lost. */
  readonly nonce: string;
  readonly leaseSeconds: number;
  /** Running jobs that one owner may have; 0: no limit. */
  readonly perOwner: number;
  /** Running jobs that the kind may have; none or 0: no limit. */
  readonly perKind?: number;
  /** The owner that was served last: the next turn is that of the one after it. None: the first one's. */
  readonly after?: string;
}

/** Owners that one claim chooses from: a bound on its cost when thousands wait. */
const ownersInView = 100;
/** First key of the advisory locks of claims within a limit; arbitrary, and the same in every process. */
const claimLock = 731_104;
/** A process that freezes between the statements of a claim holds up the others no longer than this. */
const frozenMs = 2_000;

/**
 * All SQL that changes `jobs`. Each transition is one UPDATE, guarded by the statuses it may start from and by the
 * fence, with its events in the same statement. No row back is a normal answer: somebody else was there first.
 */
@Injectable()
export class JobStore {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /**
   * Writes jobs with their first event, in one statement. A job whose idempotency key its owner has used already is
   * left out of the answer; the caller reads that one.
   */
  async insert(newJobs: readonly NewJob[]): Promise<JobEntity[]> {
    // Rows of one statement go in the order of their keys, so that crossing batches cannot deadlock on the key index.
    const rows = [...newJobs].sort((a, b) => compare(keyOf(a), keyOf(b)));
    const made = await this.jobs.query<MadeRow[]>(
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

  /**
   * Takes the next due job of a kind: of the owner with the fewest running jobs, then by priority, then of the owner
   * whose turn it is; and of that owner's jobs by priority and age. Null when there is none, or no room for one.
   */
  claim(request: ClaimRequest): Promise<JobEntity | null> {
    const { perOwner, perKind = 0 } = request;
    if (perOwner === 0 && perKind === 0) return this.take(request, this.jobs.manager);
    return this.jobs.manager.transaction(async (manager) => {
      // A claim counts what runs when its statement begins, so no other one within the same limit may be under way.
      await manager.query(
        `SELECT pg_advisory_xact_lock($1, hashtext($2)), set_config('idle_in_transaction_session_timeout', $3, true)`,
        [claimLock, perOwner > 0 ? '' : request.kind, String(frozenMs)],
      );
      return this.take(request, manager);
    });
  }

  private async take(request: ClaimRequest, manager: EntityManager): Promise<JobEntity | null> {
    const mine = ofLane[request.lane];
    const rows = await manager.query<JobEntity[]>(
      `WITH RECURSIVE ${heads('ahead', '> $7', mine)}, ${heads('behind', '<= $7', mine)}, turns AS (
         SELECT owner_id, priority, running, row_number() OVER () AS turn
         FROM (${withRoom('ahead')} UNION ALL ${withRoom('behind')} LIMIT ${ownersInView}) waiting
       ), picked AS (
         SELECT due.id
         FROM (SELECT owner_id, priority FROM turns
               WHERE $6 = 0 OR (SELECT count(*) FROM jobs WHERE status = 'RUNNING' AND kind = $1) < $6
               ORDER BY running, priority DESC, turn) fair
         CROSS JOIN LATERAL (
           SELECT id FROM jobs
           WHERE status = 'PENDING' AND kind = $1 AND owner_id = fair.owner_id AND priority <= fair.priority
             AND run_at <= now() ${mine}
           ORDER BY priority DESC, run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) due
         LIMIT 1
       ), moved AS (
         UPDATE jobs SET status = 'RUNNING', attempts = attempts + 1, fence = fence + 1, claim_nonce = $3,
                         worker_id = $2, lease_expires_at = now() + make_interval(secs => $4),
                         deadline_at = now() + make_interval(secs => timeout_seconds),
                         started_at = coalesce(started_at, now()), last_seq = last_seq + 1
         WHERE id = (SELECT id FROM picked) AND status = 'PENDING'
         RETURNING *
       ), written AS (
         INSERT INTO job_events (job_id, seq, type, data, actor)
         SELECT id, last_seq, 'started', jsonb_build_object('attempt', attempts, 'fence', fence, 'worker', worker_id),
                'worker:' || worker_id FROM moved
       )
       SELECT ${jobColumns(this.jobs, 'moved')} FROM moved`,
      [
        request.kind,
        request.workerId,
        request.nonce,
        request.leaseSeconds,
        request.perOwner,
        request.perKind ?? 0,
        request.after ?? '',
      ],
    );
    return rows[0] ?? null;
  }

  /** The jobs that these claims got, if their answers were lost on the way back. */
  claimedWith(nonces: readonly string[]): Promise<JobEntity[]> {
    return this.jobs.query(
      `SELECT ${jobColumns(this.jobs, 'jobs')} FROM jobs WHERE status = 'RUNNING' AND claim_nonce = ANY($1)`,
      [nonces],
    );
  }

  /** Extends leases by database time. Those that do not come back are cancelled or lost. */
  async extendLeases(attempts: readonly Fenced[], leaseSeconds: number): Promise<Set<string>> {
    const inOrder = [...attempts].sort((a, b) => compare(a.id, b.id));
    const rows = await this.jobs.query<{ id: string }[]>(
      `WITH mine AS (
         SELECT jobs.id FROM unnest($1::uuid[], $2::integer[]) AS held(id, fence)
         JOIN jobs ON jobs.id = held.id AND jobs.fence = held.fence AND jobs.status = 'RUNNING'
         ORDER BY jobs.id FOR UPDATE OF jobs
       ), extended AS (
         UPDATE jobs SET lease_expires_at = now() + make_interval(secs => $3) FROM mine WHERE jobs.id = mine.id
         RETURNING jobs.id
       )
       SELECT id FROM extended`,
      [inOrder.map(({ id }) => id), inOrder.map(({ fence }) => fence), leaseSeconds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Writes progress, logs and perhaps a checkpoint of a running attempt; false when it does not own the job any more. */
  async append(attempt: Fenced, notes: AttemptNotes, checkpoint?: { readonly state: unknown }): Promise<boolean> {
    const rows = await this.jobs.query<unknown[]>(
      `WITH moved AS (
         UPDATE jobs SET progress = coalesce($4::jsonb, progress), last_seq = last_seq + jsonb_array_length($3::jsonb),
                         checkpoint = CASE WHEN $5 THEN $6::jsonb ELSE checkpoint END
         WHERE id = $1 AND fence = $2 AND status = 'RUNNING'
         RETURNING id, last_seq
       ), written AS (${writeEvents('$3')})
       SELECT id FROM moved`,
      [
        attempt.id,
        attempt.fence,
        toJsonb(notes.events),
        notes.progress === null ? null : toJsonb(notes.progress),
        checkpoint !== undefined,
        checkpoint === undefined ? null : toJsonb(checkpoint.state),
      ],
    );
    return rows.length > 0;
  }

  succeed(attempt: Fenced, result: object, notes: AttemptNotes, actor: string): Promise<JobEntity | null> {
    return this.end(attempt, 'succeeded', notes, { type: 'succeeded', actor }, `result = $5::jsonb, error = NULL`, [
      toJsonb(result),
    ]);
  }

  fail(attempt: Fenced, error: JobError, notes: AttemptNotes, actor: string): Promise<JobEntity | null> {
    const event: NewEvent = { type: 'failed', level: 'error', message: error.message, data: { error }, actor };
    return this.end(attempt, 'failed', notes, event, `error = $5::jsonb`, [toJsonb(error)]);
  }

  /** Back to PENDING, due after `delayMs`; the attempt stays used. */
  retry(
    attempt: Fenced,
    error: JobError,
    delayMs: number,
    notes: AttemptNotes,
    actor: string,
  ): Promise<JobEntity | null> {
    const data = { error, delay_ms: delayMs };
    return this.move(
      attempt,
      'retry_scheduled',
      [...notes.events, { type: 'retry_scheduled', level: 'warn', message: error.message, data, actor }],
      `${released}, dispatch = dispatch + 1, progress = coalesce($5::jsonb, progress),
       error = $6::jsonb, run_at = now() + make_interval(secs => $7), enqueued_at = now()`,
      [notes.progress === null ? null : toJsonb(notes.progress), toJsonb(error), delayMs / 1000],
    );
  }

  /** Back to PENDING at once, with its attempt given back: another worker goes on from the checkpoint. */
  handOver(attempt: Fenced, reason: string, notes: AttemptNotes, actor: string): Promise<JobEntity | null> {
    return this.move(
      attempt,
      'handed_over',
      [...notes.events, { type: 'handed_over', data: { reason }, actor }],
      `${released}, ${rung}, attempts = greatest(attempts - 1, 0), progress = coalesce($5::jsonb, progress)`,
      [notes.progress === null ? null : toJsonb(notes.progress)],
    );
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

  private end(
    attempt: Fenced,
    name: TransitionName,
    notes: AttemptNotes,
    event: NewEvent,
    set: string,
    params: unknown[],
  ): Promise<JobEntity | null> {
    const progress = notes.progress === null ? null : toJsonb(notes.progress);
    const all = `${released}, finished_at = now(), progress = coalesce($6::jsonb, progress), ${set}`;
    return this.move(attempt, name, [...notes.events, event], all, [...params, progress]);
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

/**
 * CTE of the claim: the owners of a range with pending work of the kind, in order, each with the highest priority at
 * which something is due. It jumps in the index from owner to owner ("loose index scan", PostgreSQL wiki), and within
 * an owner from priority to priority while the first job of one is not due yet. So the cost grows neither with the
 * backlog nor with what is planned ahead, and the caller stops the walk by taking only so many.
 */
function heads(name: string, range: '> $7' | '<= $7', lane: string): string {
  const waiting = `status = 'PENDING' AND kind = $1 ${lane}`;
  return `${name} AS (
    (SELECT owner_id, priority, run_at FROM jobs
     WHERE ${waiting} AND owner_id ${range}
     ORDER BY owner_id, priority DESC, run_at, id LIMIT 1)
    UNION ALL
    SELECT next.owner_id, next.priority, next.run_at FROM ${name} head CROSS JOIN LATERAL (
      (SELECT owner_id, priority, run_at FROM jobs
       WHERE head.run_at > now() AND ${waiting} AND owner_id = head.owner_id AND priority < head.priority
       ORDER BY priority DESC, run_at, id LIMIT 1)
      UNION ALL
      (SELECT owner_id, priority, run_at FROM jobs
       WHERE ${waiting} AND owner_id > head.owner_id AND owner_id ${range}
       ORDER BY owner_id, priority DESC, run_at, id LIMIT 1)
      ORDER BY owner_id LIMIT 1) next)`;
}

/** Those of {@link heads} that are due and may run one more job; with the number they have running, of any kind. */
function withRoom(name: string): string {
  return `SELECT owner_id, priority, running FROM ${name} CROSS JOIN LATERAL (
            SELECT count(*) AS running FROM jobs WHERE status = 'RUNNING' AND owner_id = ${name}.owner_id) own
          WHERE run_at <= now() AND ($5 = 0 OR running < $5)`;
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
