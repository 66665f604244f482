import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Collector, preparedQuery } from '@longhaul/persistence';
import type { JobError, JobProgress } from './job-event.js';
import { JobEntity } from './job.entity.js';
import { writeEvents, type Fenced, type NewEvent } from './job.store.js';
import { transitions } from './job-status.js';
import { toJsonb } from './jsonb.js';

/** What a running attempt has to say since it last wrote. */
export interface AttemptNotes {
  readonly progress: JobProgress | null;
  readonly events: readonly NewEvent[];
}

/** A job as far as a write of its attempt may have changed it. */
export type WrittenJob = Pick<JobEntity, 'id' | 'kind' | 'status' | 'lastSeq' | 'dispatch' | 'runAt' | 'enqueuedAt'>;

/** What one write changes beside the events; what is left out stays as it is. */
interface Change {
  readonly to: 'RUNNING' | 'SUCCESS' | 'FAILED' | 'PENDING';
  readonly progress: JobProgress | null;
  readonly events: readonly NewEvent[];
  readonly result?: object;
  readonly error?: JobError;
  readonly checkpoint?: { readonly state: unknown };
  /** The attempt does not count. */
  readonly givenBack?: true;
  readonly delayMs?: number;
}

interface Write extends Fenced {
  /** A row of the statement's parameter, as JSON. */
  readonly row: string;
}

/** How much one statement carries, in characters of JSON, and statements under way at once. */
const batch = { characters: 1_000_000, lanes: 2 };

/**
 * What running attempts write: leases, notes and ends. Of all attempts of a process that want to write at the same
 * moment one statement does it, each row guarded by its own fence, with its events; no row back is a normal answer:
 * the job is not this attempt's any more.
 */
@Injectable()
export class AttemptStore {
  private readonly writes = new Collector<Write, WrittenJob | null>(
    (writes) => this.flush(writes),
    batch.characters,
    batch.lanes,
    ({ row }) => row.length,
  );

  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /** Extends leases by database time. Those that do not come back are cancelled or lost. */
  async extendLeases(attempts: readonly Fenced[], leaseSeconds: number): Promise<Set<string>> {
    const inOrder = [...attempts].sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows = await preparedQuery<{ id: string }>(
      this.jobs.manager,
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

  /** Writes progress, logs and perhaps a checkpoint; false when the attempt does not own the job any more. */
  async append(attempt: Fenced, notes: AttemptNotes, checkpoint?: { readonly state: unknown }): Promise<boolean> {
    return (await this.write(attempt, { to: 'RUNNING', ...notes, checkpoint })) !== null;
  }

  succeed(attempt: Fenced, result: object, notes: AttemptNotes, actor: string): Promise<WrittenJob | null> {
    return this.move(attempt, notes, { type: 'succeeded', actor }, { result });
  }

  fail(attempt: Fenced, error: JobError, notes: AttemptNotes, actor: string): Promise<WrittenJob | null> {
    const { message } = error;
    return this.move(attempt, notes, { type: 'failed', level: 'error', message, data: { error }, actor }, { error });
  }

  /** Back to PENDING, due after `delayMs`; the attempt stays used. */
  retry(
    attempt: Fenced,
    error: JobError,
    delayMs: number,
    notes: AttemptNotes,
    actor: string,
  ): Promise<WrittenJob | null> {
    const data = { error, delay_ms: delayMs };
    const { message } = error;
    return this.move(
      attempt,
      notes,
      { type: 'retry_scheduled', level: 'warn', message, data, actor },
      { error, delayMs },
    );
  }

  /** Back to PENDING at once, with its attempt given back: another worker goes on from the checkpoint. */
  handOver(attempt: Fenced, reason: string, notes: AttemptNotes, actor: string): Promise<WrittenJob | null> {
    return this.move(attempt, notes, { type: 'handed_over', data: { reason }, actor }, { givenBack: true });
  }

  private move(
    attempt: Fenced,
    { progress, events }: AttemptNotes,
    event: NewEvent & { readonly type: 'succeeded' | 'failed' | 'retry_scheduled' | 'handed_over' },
    change: Omit<Change, 'to' | 'progress' | 'events'>,
  ): Promise<WrittenJob | null> {
    return this.write(attempt, { to: transitions[event.type].to, progress, events: [...events, event], ...change });
  }

  private write({ id, fence }: Fenced, { checkpoint, ...change }: Change): Promise<WrittenJob | null> {
    const row = toJsonb({ id, fence, ...change, ...(checkpoint && { keeps: true, ...checkpoint }) });
    return this.writes.add({ id, fence, row });
  }

  private async flush(writes: readonly Write[]): Promise<(WrittenJob | null)[]> {
    // Of two source rows for one target PostgreSQL takes any: an attempt stands in a statement once.
    const first = new Map(writes.toReversed().map((write) => [keyOf(write), write]));
    const written = await this.update([...first.values()]);
    const later = writes.filter((write) => first.get(keyOf(write)) !== write);
    const others = later.length === 0 ? [] : await this.flush(later);
    return writes.map((write) => {
      const place = later.indexOf(write);
      return place === -1 ? (written.get(keyOf(write)) ?? null) : others[place];
    });
  }

  /** One guarded UPDATE for all. Rows are locked in the order of their ids, so that statements that cross cannot deadlock. */
  private async update(writes: readonly Write[]): Promise<Map<string, WrittenJob>> {
    const rows = await preparedQuery<WrittenJob & Fenced>(
      this.jobs.manager,
      `WITH wanted AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS row(
           "id" uuid, "fence" integer, "to" text, "events" jsonb, "progress" jsonb, "result" jsonb, "error" jsonb,
           "keeps" boolean, "state" jsonb, "givenBack" boolean, "delayMs" float8)
       ), mine AS (
         SELECT wanted.* FROM wanted
         JOIN jobs ON jobs.id = wanted.id AND jobs.fence = wanted.fence AND jobs.status = 'RUNNING'
         ORDER BY jobs.id FOR UPDATE OF jobs
       ), moved AS (
         UPDATE jobs SET
           status = mine."to",
           last_seq = jobs.last_seq + jsonb_array_length(mine.events),
           progress = coalesce(mine.progress, jobs.progress),
           result = coalesce(mine.result, jobs.result),
           error = CASE WHEN mine."to" <> 'SUCCESS' THEN coalesce(mine.error, jobs.error) END,
           checkpoint = CASE WHEN mine.keeps THEN mine.state ELSE jobs.checkpoint END,
           attempts = greatest(0, jobs.attempts - CASE WHEN mine."givenBack" THEN 1 ELSE 0 END),
           lease_expires_at = CASE WHEN mine."to" = 'RUNNING' THEN jobs.lease_expires_at END,
           deadline_at = CASE WHEN mine."to" = 'RUNNING' THEN jobs.deadline_at END,
           finished_at = CASE WHEN mine."to" IN ('SUCCESS', 'FAILED') THEN now() END,
           dispatch = jobs.dispatch + CASE WHEN mine."to" = 'PENDING' THEN 1 ELSE 0 END,
           enqueued_at = CASE WHEN mine."to" = 'PENDING' THEN now() ELSE jobs.enqueued_at END,
           run_at = CASE WHEN mine."to" = 'PENDING'
                         THEN now() + make_interval(secs => coalesce(mine."delayMs", 0) / 1000) ELSE jobs.run_at END
         FROM mine WHERE jobs.id = mine.id
         RETURNING jobs.id, jobs.kind, jobs.status, jobs.last_seq, jobs.dispatch, jobs.run_at, jobs.enqueued_at,
                   mine.fence, mine.events
       ), written AS (${writeEvents('moved.events')})
       SELECT id, kind, status, last_seq AS "lastSeq", dispatch, run_at AS "runAt", enqueued_at AS "enqueuedAt",
              fence
       FROM moved`,
      [`[${writes.map(({ row }) => row).join(',')}]`],
    );
    return new Map(rows.map((row) => [keyOf(row), row]));
  }
}

function keyOf({ id, fence }: Fenced): string {
  return `${id} ${fence}`;
}
