import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { jobColumns } from './job-rows.js';
import type { JobStatus } from './job-status.js';
import { JobEntity } from './job.entity.js';

/** The job of a group that was retried first, to see whether the cause is gone. */
export interface Canary {
  readonly id: string;
  readonly status: JobStatus;
}

/** FAILED jobs of one kind with the same cause that nobody has discarded. */
export interface FailedGroup {
  /** Hash of the kind, the error's code, and its message without what differs from case to case. */
  readonly fingerprint: string;
  readonly kind: string;
  readonly count: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The newest failure, whose code and message stand for the group. */
  readonly sampleId: string;
  readonly code: string;
  readonly message: string;
  /** The newest canary, whatever became of it. */
  readonly canary: Canary | null;
  readonly position: FailedPosition;
}

/** A place in a list that goes from the newest failure to the oldest. */
export interface FailedPosition {
  /** Time of a failure in microseconds since 1970: the database's own precision, which a Date does not have. */
  readonly at: bigint;
  /** Fingerprint of the group, or id of the job, that failed then. */
  readonly key: string;
}

export interface FailedGroupFilter {
  readonly kind?: readonly string[];
  /** Only groups with a failure since then. */
  readonly since?: Date;
  readonly after?: FailedPosition;
  readonly limit: number;
}

/** A FAILED job with its place in the list of its group. */
export type FailedJob = JobEntity & { readonly position: FailedPosition };

const inGroups = `status = 'FAILED' AND discarded_at IS NULL`;
const micros = (time: string) => `(extract(epoch FROM ${time}) * 1000000)::bigint::text`;
/** SQL of the time that a position's microseconds stand for. */
export const timeOf = (parameter: string) => `timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond'`;

/** All reads of failed jobs by their cause. */
@Injectable()
export class FailedJobsReader {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /**
   * Newest failure first. Fingerprints are found by jumping from one to the next in the index (as in JobStore.claim), and
   * only the groups of the page are counted.
   */
  groups({ kind, since, after, limit }: FailedGroupFilter): Promise<FailedGroup[]> {
    return this.read(
      `WITH RECURSIVE prints AS (
         (SELECT error_fingerprint AS print FROM jobs WHERE ${inGroups} ORDER BY error_fingerprint LIMIT 1)
         UNION ALL
         SELECT (SELECT next.error_fingerprint FROM jobs next
                 WHERE ${inGroups} AND next.error_fingerprint > prints.print ORDER BY next.error_fingerprint LIMIT 1)
         FROM prints WHERE prints.print IS NOT NULL
       ), page AS (
         SELECT newest.* FROM prints CROSS JOIN LATERAL (${newestOf('prints.print')}) newest
         WHERE ($1::text[] IS NULL OR newest.kind = ANY($1)) AND ($2::timestamptz IS NULL OR newest.finished_at >= $2)
           AND ($3::bigint IS NULL OR (newest.finished_at, newest.error_fingerprint) < (${timeOf('$3')}, $4))
         ORDER BY newest.finished_at DESC, newest.error_fingerprint DESC LIMIT $5
       )`,
      [kind ?? null, since ?? null, after?.at ?? null, after?.key ?? null, limit],
    );
  }

  /** Null when none of its jobs is left: retried, discarded or removed. */
  async group(fingerprint: string): Promise<FailedGroup | null> {
    const [group] = await this.read(`WITH page AS (${newestOf('$1')})`, [fingerprint]);
    return group ?? null;
  }

  /** The newest canary of a group: the unfinished one if there is one, otherwise the one that ended last. */
  async canary(fingerprint: string): Promise<Canary | null> {
    const [canary] = await this.jobs.query<Canary[]>(canaryOf('$1'), [fingerprint]);
    return canary ?? null;
  }

  /** Jobs of a group, newest failure first; like those of a list without input, checkpoint and result. */
  async inGroup(
    fingerprint: string,
    page: { readonly after?: FailedPosition; readonly limit: number },
  ): Promise<FailedJob[]> {
    const left = new Set(['input', 'checkpoint', 'result']);
    const rows = await this.jobs.query<(JobEntity & { at: string })[]>(
      `SELECT ${jobColumns(this.jobs, 'jobs', left)}, '{}'::jsonb AS input, NULL AS checkpoint, NULL AS result,
              ${micros('finished_at')} AS at
       FROM jobs WHERE ${inGroups} AND error_fingerprint = $1
         AND ($2::bigint IS NULL OR (finished_at, id) < (${timeOf('$2')}, $3::uuid))
       ORDER BY finished_at DESC, id DESC LIMIT $4`,
      [fingerprint, page.after?.at ?? null, page.after?.key ?? null, page.limit],
    );
    return rows.map(({ at, ...job }) => ({ ...job, position: { at: BigInt(at), key: job.id } }));
  }

  /** @param page CTE of that name, with the newest job of each group. */
  private async read(page: string, params: unknown[]): Promise<FailedGroup[]> {
    const rows = await this.jobs.query<(Omit<FailedGroup, 'canary' | 'position'> & Raw)[]>(
      `${page}
       SELECT page.error_fingerprint AS fingerprint, page.kind, page.finished_at AS "lastSeen", page.id AS "sampleId",
              coalesce(page.error ->> 'code', '') AS code, coalesce(page.error ->> 'message', '') AS message,
              whole.count, whole.first_seen AS "firstSeen", ${micros('page.finished_at')} AS at,
              canary.id AS "canaryId", canary.status AS "canaryStatus"
       FROM page
       CROSS JOIN LATERAL (SELECT count(*)::integer AS count, min(finished_at) AS first_seen FROM jobs
                           WHERE ${inGroups} AND error_fingerprint = page.error_fingerprint) whole
       LEFT JOIN LATERAL (${canaryOf('page.error_fingerprint')}) canary ON true
       ORDER BY page.finished_at DESC, page.error_fingerprint DESC`,
      params,
    );
    return rows.map(({ at, canaryId, canaryStatus, ...group }) => ({
      ...group,
      canary: canaryId === null ? null : { id: canaryId, status: canaryStatus },
      position: { at: BigInt(at), key: group.fingerprint },
    }));
  }
}

interface Raw {
  readonly at: string;
  readonly canaryId: string | null;
  readonly canaryStatus: JobStatus;
}

function newestOf(fingerprint: string): string {
  return `SELECT id, kind, error, error_fingerprint, finished_at FROM jobs
          WHERE ${inGroups} AND error_fingerprint = ${fingerprint} ORDER BY finished_at DESC, id DESC LIMIT 1`;
}

function canaryOf(fingerprint: string): string {
  return `SELECT id, status FROM jobs WHERE canary_of = ${fingerprint} ORDER BY finished_at DESC NULLS FIRST LIMIT 1`;
}
