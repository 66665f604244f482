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
/** Failed jobs that are counted, most. */
const mostFailed = 10_000;

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

  /** By kind, FAILED jobs that nobody has retried or discarded; of more than `mostFailed` in all, so many. */
  failed(): Promise<{ readonly kind: string; readonly count: number }[]> {
    return this.jobs.query(
      `SELECT kind, count(*)::integer AS count
       FROM (SELECT kind FROM jobs WHERE status = 'FAILED' AND discarded_at IS NULL LIMIT ${mostFailed}) failed
       GROUP BY kind`,
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
