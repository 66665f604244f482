import { jobStatuses, type JobStatus } from './job-status.js';
import { jobConditions, lookedAt, type JobFilter } from './job-page.js';

/** Jobs of one status are counted no further. */
export const countedJobs = 10_000;

/** Which jobs to count. */
export type CountFilter = Omit<JobFilter, 'status' | 'limit' | 'beforeId' | 'skip'>;

/** How many jobs a filter lets through, by status; none of them more than {@link countedJobs}. */
export interface JobCounts {
  readonly counts: Readonly<Record<JobStatus, number>>;
  /** Whether there may be more: a count ended at its bound, or not all jobs were looked at. */
  readonly capped: boolean;
}

/** Row of {@link countJobs}: how many jobs of a status were found among those looked at. */
export interface CountRow {
  readonly status: JobStatus;
  readonly count: number;
  /** Whether there may be others that were not looked at. */
  readonly more: boolean;
}

/**
 * Counts by status in bounded work: of waiting, of running, of failed and cancelled, and of all jobs, so many are looked at
 * ({@link lookedAt}), each in the order of an index, the newest first where it has one.
 */
export function countJobs(filter: CountFilter): { readonly sql: string; readonly params: readonly unknown[] } {
  const params: unknown[] = [];
  const { served, others } = jobConditions({ ...filter, limit: 0 }, params);
  const { ownerId, kind } = filter;
  const owner = ownerId === undefined ? [] : [`owner_id = $${params.push(ownerId)}`];
  const kinds = kind?.length ? [`kind = ANY ($${params.push(kind)})`] : [];
  const columns = 'id, kind, owner_id, status, created_at, metadata, input';
  const looked = (conditions: readonly string[], order: string) =>
    `(SELECT ${columns} FROM jobs WHERE ${all(conditions)} ${order} LIMIT ${lookedAt}) looked`;
  const counted = (from: string, statuses: readonly JobStatus[]) => `
    SELECT wanted.status, coalesce(found.count, 0)::integer AS count, coalesce(found.looked, 0) >= ${lookedAt} AS more
    FROM unnest(ARRAY[${statuses.map((status) => `'${status}'`).join(', ')}]) AS wanted(status)
    LEFT JOIN (
      SELECT status, count(*) FILTER (WHERE ${all([...served, ...others])}) AS count, sum(count(*)) OVER () AS looked
      FROM ${from} GROUP BY status
    ) found USING (status)`;
  // In the order of the index of waiting jobs, or the planner may read the whole table to find so many.
  const line = ownerId === undefined ? 'ORDER BY kind, priority DESC, run_at, id' : '';
  const parts = [
    counted(looked([`status = 'PENDING'`, ...owner, ...kinds], line), ['PENDING']),
    counted(looked([`status = 'RUNNING'`, ...owner], ''), ['RUNNING']),
    counted(looked([`status IN ('FAILED', 'CANCELLED')`, ...served], 'ORDER BY id DESC'), ['FAILED', 'CANCELLED']),
    counted(looked(served, 'ORDER BY id DESC'), ['SUCCESS']),
  ];
  return { sql: parts.join(' UNION ALL '), params };
}

/** What the rows say. */
export function countsOf(rows: readonly CountRow[]): JobCounts {
  const byStatus = new Map(rows.map((row) => [row.status, row.count]));
  const counts = Object.fromEntries(
    jobStatuses.map((status) => [status, Math.min(byStatus.get(status) ?? 0, countedJobs)]),
  ) as Record<JobStatus, number>;
  return { counts, capped: rows.some(({ count, more }) => more || count > countedJobs) };
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
