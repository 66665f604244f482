import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import { JobEntity } from './job.entity.js';
import { KINDS, type KindRegistry } from './kind.js';

/** How far back ends are looked at; the names in {@link signalFields} say it too. */
const windowMinutes = 5;
/** With fewer failures in the window than this, a rate says nothing. */
const fewestFailures = 3;
/** Failed jobs of a kind, and jobs that wait at one priority of a kind, that are counted for metrics, most. */
const mostCounted = 10_000;

/** How one kind is doing. */
export interface KindSignals {
  readonly kind: string;
  /** Jobs that wait for their time or for a worker. */
  readonly pending: number;
  /** Those of them whose time has come. */
  readonly due: number;
  /** How long the one that is due longest has been due; 0 when none is. */
  readonly oldestPendingSeconds: number;
  readonly running: number;
  /** Ends in the last 5 minutes. */
  readonly succeeded: number;
  readonly failed: number;
  /** Percentage of `failed` among both; null when there was no end. */
  readonly failedRate: number | null;
}

/** What waits and runs of one kind, as far as metrics show it: each job counts in one state. */
export interface KindDepth extends Pick<KindSignals, 'kind' | 'oldestPendingSeconds' | 'running'> {
  /** Not due yet. */
  readonly scheduled: number;
  /** Due, and a worker may take it. */
  readonly due: number;
  /** Due, but the kind is paused. */
  readonly paused: number;
}

/** A number that has reached the limit that was set for it. */
export interface Alert {
  readonly signal: 'failed_rate' | 'oldest_pending_seconds';
  readonly kind: string;
  readonly value: number;
  readonly limit: number;
}

type Counts = Omit<KindSignals, 'failedRate'>;

/** What tells that jobs are failing, or that nobody takes them. The log and the api show the same numbers. */
@Injectable()
export class QueueSignals {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
  ) {}

  /** Every known kind, and others that there are jobs of; by name. What has ended before the window is not looked at. */
  async read(): Promise<KindSignals[]> {
    const rows = await this.jobs.query<Counts[]>(
      `WITH waiting AS (
         SELECT kind, count(*) AS pending, count(*) FILTER (WHERE run_at <= now()) AS due,
                min(run_at) FILTER (WHERE run_at <= now()) AS oldest
         FROM jobs WHERE status = 'PENDING' GROUP BY kind
       ), working AS (
         SELECT kind, count(*) AS running FROM jobs WHERE status = 'RUNNING' GROUP BY kind
       ), ended AS (
         SELECT kind, count(*) FILTER (WHERE status = 'SUCCESS') AS succeeded,
                count(*) FILTER (WHERE status = 'FAILED') AS failed
         FROM jobs WHERE finished_at > now() - make_interval(mins => $2) GROUP BY kind
       )
       SELECT kind, coalesce(pending, 0)::integer AS pending, coalesce(due, 0)::integer AS due,
              coalesce(extract(epoch FROM now() - oldest), 0)::integer AS "oldestPendingSeconds",
              coalesce(running, 0)::integer AS running, coalesce(succeeded, 0)::integer AS succeeded,
              coalesce(failed, 0)::integer AS failed
       FROM unnest($1::text[]) AS known(kind)
       FULL JOIN waiting USING (kind) FULL JOIN working USING (kind) FULL JOIN ended USING (kind)
       ORDER BY kind`,
      [[...this.kinds.keys()], windowMinutes],
    );
    return rows.map((row) => ({ ...row, failedRate: rateOf(row) }));
  }

  /**
   * Of every known kind, by name; cheaper than {@link read}, since each api asks with its scrapes. At each priority (they
   * are few, and found by jumps over the index of the line) at most `mostCounted` due and as many scheduled ones are
   * counted; how long the oldest has waited is exact.
   */
  depth(): Promise<KindDepth[]> {
    return this.jobs.query<KindDepth[]>(
      `WITH RECURSIVE level AS (
         SELECT known.kind, (SELECT max(priority) FROM jobs WHERE status = 'PENDING' AND kind = known.kind) AS priority
         FROM unnest($1::text[]) AS known(kind)
         UNION ALL
         SELECT level.kind, (SELECT max(priority) FROM jobs
                             WHERE status = 'PENDING' AND kind = level.kind AND priority < level.priority)
         FROM level WHERE level.priority IS NOT NULL
       ), waiting AS (
         SELECT level.kind, sum(due.count) AS due, sum(scheduled.count) AS scheduled, min(due.oldest) AS oldest
         FROM level
         CROSS JOIN LATERAL (
           SELECT count(*) AS count, min(run_at) AS oldest FROM (
             SELECT run_at FROM jobs
             WHERE status = 'PENDING' AND kind = level.kind AND priority = level.priority AND run_at <= now()
             ORDER BY run_at LIMIT ${mostCounted}) line) due
         CROSS JOIN LATERAL (
           SELECT count(*) AS count FROM (
             SELECT run_at FROM jobs
             WHERE status = 'PENDING' AND kind = level.kind AND priority = level.priority AND run_at > now()
             ORDER BY run_at LIMIT ${mostCounted}) line) scheduled
         WHERE level.priority IS NOT NULL GROUP BY level.kind
       ), working AS (
         SELECT kind, count(*) AS running FROM jobs WHERE status = 'RUNNING' GROUP BY kind
       )
       SELECT kind, coalesce(scheduled, 0)::integer AS scheduled,
              CASE WHEN paused_at IS NULL THEN coalesce(due, 0) ELSE 0 END::integer AS due,
              CASE WHEN paused_at IS NULL THEN 0 ELSE coalesce(due, 0) END::integer AS paused,
              coalesce(extract(epoch FROM now() - oldest), 0)::integer AS "oldestPendingSeconds",
              coalesce(running, 0)::integer AS running
       FROM unnest($1::text[]) AS known(kind)
       LEFT JOIN waiting USING (kind) LEFT JOIN working USING (kind) LEFT JOIN paused_kinds USING (kind)
       ORDER BY kind`,
      [[...this.kinds.keys()]],
    );
  }

  /**
   * By kind, FAILED jobs that nobody has retried or discarded; of more than `mostCounted` of a kind, so many. Causes are
   * found by jumps over their index, and each has one kind.
   */
  failed(): Promise<{ readonly kind: string; readonly count: number }[]> {
    const open = `status = 'FAILED' AND discarded_at IS NULL`;
    return this.jobs.query(
      `WITH RECURSIVE cause AS (
         SELECT (SELECT min(error_fingerprint) FROM jobs WHERE ${open}) AS fingerprint
         UNION ALL
         SELECT (SELECT min(error_fingerprint) FROM jobs WHERE ${open} AND error_fingerprint > cause.fingerprint)
         FROM cause WHERE cause.fingerprint IS NOT NULL
       )
       SELECT one.kind, least(sum(every.count), ${mostCounted})::integer AS count
       FROM cause
       CROSS JOIN LATERAL (SELECT kind FROM jobs WHERE ${open} AND error_fingerprint = cause.fingerprint LIMIT 1) one
       CROSS JOIN LATERAL (
         SELECT count(*) AS count FROM (
           SELECT FROM jobs WHERE ${open} AND error_fingerprint = cause.fingerprint
           LIMIT ${mostCounted}) jobs) every
       GROUP BY one.kind`,
    );
  }

  /** Which of them have reached ALERT_FAILED_RATE or ALERT_OLDEST_PENDING_SECONDS. */
  alertsOf(signals: readonly KindSignals[]): Alert[] {
    return signals.flatMap(({ kind, failed, failedRate, oldestPendingSeconds }) => {
      const rate = failed < fewestFailures ? 0 : (failedRate ?? 0);
      return [
        { signal: 'failed_rate' as const, kind, value: rate, limit: this.config.ALERT_FAILED_RATE },
        {
          signal: 'oldest_pending_seconds' as const,
          kind,
          value: oldestPendingSeconds,
          limit: this.config.ALERT_OLDEST_PENDING_SECONDS,
        },
      ].filter(({ value, limit }) => limit > 0 && value >= limit);
    });
  }
}

/** The same numbers by the names that the log and the api use. */
export function signalFields(signals: KindSignals) {
  return {
    task_type: signals.kind,
    pending: signals.pending,
    due: signals.due,
    oldest_pending_seconds: signals.oldestPendingSeconds,
    running: signals.running,
    succeeded_last_5_minutes: signals.succeeded,
    failed_last_5_minutes: signals.failed,
    failed_rate: signals.failedRate,
  };
}

function rateOf({ succeeded, failed }: Counts): number | null {
  const ends = succeeded + failed;
  return ends === 0 ? null : Math.round((failed / ends) * 1_000) / 10;
}
