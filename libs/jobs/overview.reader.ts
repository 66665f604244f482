import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { idAt } from './job-page.js';
import { JobEntity } from './job.entity.js';

/** Waiting jobs of a kind are counted no further. */
export const countedPending = 100_000;
/** Jobs that are looked at in a piece of a window; of more, the first so many tell how many there are. */
export const sampledJobs = 500;
/** Newest ends of all kinds that durations are taken of. */
const timedJobs = 5_000;
/** What is shown of workers. */
const [mostWorkers, mostRunning, mostBreakers] = [500, 2_000, 500];
/** A worker that was not seen for so long is gone: it says so every ten. */
const seenSeconds = 60;

/** What became of a kind's jobs in a piece of time. */
export interface BucketCounts {
  readonly at: Date;
  readonly submitted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Whether these are estimates, since there were more jobs than are looked at. */
  readonly sampled: boolean;
}

/** Half of the durations are at most `p50`, 95 of 100 at most `p95`; milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface KindOverview {
  readonly kind: string;
  /** Counted to {@link countedPending}. */
  readonly pending: number;
  readonly running: number;
  /** How long the one that is due longest has been due; null when none is. */
  readonly oldestPendingSeconds: number | null;
  /** From due to started, of jobs that were not retried. */
  readonly waitMs: Percentiles | null;
  /** From the first start to the end, of jobs that were not cancelled. */
  readonly runMs: Percentiles | null;
  readonly buckets: readonly BucketCounts[];
}

/** A worker process that was seen lately. */
export interface WorkerSeen {
  readonly workerId: string;
  readonly host: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly kinds: readonly string[];
  readonly running: readonly {
    readonly id: string;
    readonly kind: string;
    readonly attempt: number;
    readonly startedAt: Date;
  }[];
}

/** A circuit breaker that is not closed, in one worker process. */
export interface BreakerSeen {
  readonly host: string;
  readonly state: string;
  readonly since: Date;
  readonly seenBy: string;
}

type Standing = Omit<KindOverview, 'buckets'>;
type Counted = Omit<BucketCounts, 'at'> & { readonly kind: string; readonly n: number };
type SeenRow = Omit<WorkerSeen, 'running'> & {
  readonly breakers: readonly { readonly host: string; readonly state: string; readonly since: string }[];
};
type RunningRow = WorkerSeen['running'][number] & { readonly workerId: string };

/**
 * Reads of the overview. Whatever there is of jobs, their work is bounded: each follows an index and stops after so many
 * rows. What is counted in pieces of time is estimated where it stops.
 */
@Injectable()
export class OverviewReader {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /** @param buckets beginnings of pieces of time, in order and all of the same length. */
  async kinds(kinds: readonly string[], buckets: readonly Date[]): Promise<KindOverview[]> {
    const standing = await this.standing(kinds, buckets[0]);
    const counted = Map.groupBy(await this.counted(kinds, buckets), ({ kind }) => kind);
    return standing.map((row) => {
      const ofKind = new Map((counted.get(row.kind) ?? []).map((counts) => [counts.n, counts]));
      return { ...row, buckets: buckets.map((at, n) => bucketOf(at, ofKind.get(n + 1))) };
    });
  }

  async workers(): Promise<{ readonly workers: WorkerSeen[]; readonly breakers: BreakerSeen[] }> {
    const seen = await this.jobs.query<SeenRow[]>(
      `SELECT worker_id AS "workerId", host, kinds, breakers, started_at AS "startedAt", seen_at AS "seenAt"
       FROM worker_heartbeats WHERE seen_at > now() - make_interval(secs => $1)
       ORDER BY host, started_at, worker_id LIMIT ${mostWorkers}`,
      [seenSeconds],
    );
    // An attempt's deadline is set when it starts; jobs.started_at is that of the first one.
    const rows = await this.jobs.query<RunningRow[]>(
      `SELECT worker_id AS "workerId", id, kind, attempts AS attempt,
              deadline_at - make_interval(secs => timeout_seconds) AS "startedAt"
       FROM jobs WHERE status = 'RUNNING' AND worker_id = ANY($1) ORDER BY deadline_at, id LIMIT ${mostRunning}`,
      [seen.map(({ workerId }) => workerId)],
    );
    const running = Map.groupBy(rows, ({ workerId }) => workerId);
    return {
      workers: seen.map(({ breakers: _, ...worker }) => ({
        ...worker,
        running: (running.get(worker.workerId) ?? []).map(({ workerId: __, ...job }) => job),
      })),
      breakers: seen
        .flatMap(({ workerId, breakers }) =>
          breakers.map(({ host, state, since }) => ({ host, state, since: new Date(since), seenBy: workerId })),
        )
        .slice(0, mostBreakers),
    };
  }

  /** How each kind stands now. Goes from priority to priority to the job that is due longest: the line is sorted so. */
  private async standing(kinds: readonly string[], since: Date | undefined): Promise<Standing[]> {
    const line = `FROM jobs WHERE status = 'PENDING' AND kind = known.kind`;
    const first = 'ORDER BY priority DESC, run_at, id LIMIT 1';
    return this.jobs.query(
      `WITH busy AS (
         SELECT kind, count(*)::integer AS running FROM jobs WHERE status = 'RUNNING' GROUP BY kind
       ), timed AS (
         SELECT kind, ${percentiles('wait')} AS wait, ${percentiles('run')} AS run
         FROM (SELECT kind, CASE WHEN started_at >= run_at THEN extract(epoch FROM started_at - run_at) * 1000 END AS wait,
                      CASE WHEN status <> 'CANCELLED' THEN extract(epoch FROM finished_at - started_at) * 1000 END AS run
               FROM (SELECT kind, status, run_at, started_at, finished_at FROM jobs
                     WHERE finished_at >= $2 AND finished_at IS NOT NULL
                     ORDER BY finished_at DESC LIMIT ${timedJobs}) newest) durations
         GROUP BY kind
       )
       SELECT known.kind, waiting.pending, coalesce(busy.running, 0) AS running,
              extract(epoch FROM now() - line.oldest)::integer AS "oldestPendingSeconds",
              ${asObject('timed.wait')} AS "waitMs", ${asObject('timed.run')} AS "runMs"
       FROM unnest($1::text[]) WITH ORDINALITY AS known(kind, place)
       LEFT JOIN busy USING (kind) LEFT JOIN timed USING (kind)
       CROSS JOIN LATERAL (
         SELECT count(*)::integer AS pending FROM (SELECT ${line} LIMIT ${countedPending}) counted) waiting
       CROSS JOIN LATERAL (
         WITH RECURSIVE heads AS (
           (SELECT priority, run_at ${line} ${first})
           UNION ALL
           SELECT next.* FROM heads CROSS JOIN LATERAL (
             SELECT priority, run_at ${line} AND priority < heads.priority ${first}) next
         )
         SELECT min(run_at) FILTER (WHERE run_at <= now()) AS oldest FROM heads) line
       ORDER BY known.place`,
      [kinds, since],
    );
  }

  /**
   * Submits are found by the times in the ids, ends by theirs; those that were no success apart, since they are few. Where
   * there are more than {@link sampledJobs}, the time that so many took tells how many came in the whole piece.
   */
  private counted(kinds: readonly string[], buckets: readonly Date[]): Promise<Counted[]> {
    const lengthMs = buckets.length < 2 ? 0 : buckets[1].getTime() - buckets[0].getTime();
    const ends = buckets.map((at) => new Date(at.getTime() + lengthMs));
    const inTime = 'finished_at >= piece.at AND finished_at < piece.until';
    return this.jobs.query(
      `WITH pieces AS (
         SELECT * FROM unnest($2::timestamptz[], $3::timestamptz[], $4::uuid[], $5::uuid[])
           WITH ORDINALITY AS piece(at, until, first_id, end_id, n)
       ), made AS (
         ${sampled('submitted', 'created_at', 'id >= piece.first_id AND id < piece.end_id', 'id')}
       ), ended AS (
         ${sampled('status', 'finished_at', `${inTime} AND finished_at IS NOT NULL`, 'finished_at')}
       ), not_succeeded AS (
         ${sampled('status', 'finished_at', `${inTime} AND status IN ('FAILED', 'CANCELLED')`, 'finished_at')}
       ), found AS (
         SELECT * FROM made UNION ALL SELECT * FROM ended WHERE what = 'SUCCESS' UNION ALL SELECT * FROM not_succeeded
       )
       SELECT kind, n::integer, coalesce(sum(count) FILTER (WHERE what = 'submitted'), 0)::integer AS submitted,
              coalesce(sum(count) FILTER (WHERE what = 'SUCCESS'), 0)::integer AS succeeded,
              coalesce(sum(count) FILTER (WHERE what = 'FAILED'), 0)::integer AS failed,
              coalesce(sum(count) FILTER (WHERE what = 'CANCELLED'), 0)::integer AS cancelled, bool_or(sampled) AS sampled
       FROM found WHERE kind = ANY($1) GROUP BY kind, n`,
      [kinds, buckets, ends, buckets.map((at) => idAt(at.getTime())), ends.map((at) => idAt(at.getTime()))],
    );
  }
}

/**
 * SELECT of how many jobs of each kind, and of each `what`, a piece has: `n, kind, what, count, sampled`.
 * @param order an index column with the time, or with what goes along with it.
 */
function sampled(what: 'submitted' | 'status', time: string, condition: string, order: string): string {
  const column = what === 'status' ? 'status' : `'submitted'`;
  return `SELECT piece.n, counted.kind, counted.what, counted.share >= ${sampledJobs} AS sampled,
                 CASE WHEN counted.share < ${sampledJobs} THEN counted.count
                      ELSE round(counted.count * greatest(1,
                        extract(epoch FROM least(piece.until, now()) - piece.at)
                        / greatest(0.001, extract(epoch FROM counted.last - piece.at)))) END AS count
          FROM pieces piece CROSS JOIN LATERAL (
            SELECT kind, what, count(*) AS count, sum(count(*)) OVER () AS share, max(max(time)) OVER () AS last
            FROM (SELECT kind, ${column} AS what, ${time} AS time FROM jobs
                  WHERE ${condition} ORDER BY ${order} LIMIT ${sampledJobs}) looked
            GROUP BY kind, what) counted`;
}

function percentiles(column: string): string {
  return `percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ${column}::float8)`;
}

function asObject(pair: string): string {
  return `CASE WHEN ${pair}[1] IS NOT NULL THEN
            jsonb_build_object('p50', round(${pair}[1])::bigint, 'p95', round(${pair}[2])::bigint) END`;
}

function bucketOf(at: Date, counted: Counted | undefined): BucketCounts {
  if (counted === undefined) return { at, submitted: 0, succeeded: 0, failed: 0, cancelled: 0, sampled: false };
  const { submitted, succeeded, failed, cancelled, sampled: isSampled } = counted;
  return { at, submitted, succeeded, failed, cancelled, sampled: isSampled };
}
