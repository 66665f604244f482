import type { JobStatus } from './job-status.js';
import type { JobEntity } from './job.entity.js';

/** Which jobs to list; fields that are left out do not narrow. */
export interface JobFilter {
  readonly ownerId?: string;
  readonly status?: readonly JobStatus[];
  readonly kind?: readonly string[];
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  /** Found in the id's beginning, the kind, or anywhere in metadata and input, in any case. */
  readonly q?: string;
  /** Keyset cursor: only jobs with a smaller id. */
  readonly beforeId?: string;
  /** How many to leave out at the front; then the page is looked for in the whole history. For small lists. */
  readonly skip?: number;
  readonly limit: number;
}

/** Jobs that a filter lets through, newest first. */
export interface JobPage {
  readonly jobs: readonly JobEntity[];
  /**
   * What the next page is to be looked for below, as `beforeId`; null when there is none. Only so many jobs are looked at
   * for one page, so that one with fewer than `limit` need not be the last.
   */
  readonly below: string | null;
}

/**
 * So many jobs a page is looked for in, when no index finds those of its filter: what is rare would be looked for in the
 * whole history otherwise, and that takes the longer the more there is.
 */
export const lookedAt = 20_000;

/** Statuses that have indexes of their own. */
const indexed: readonly (readonly JobStatus[])[] = [
  ['FAILED', 'CANCELLED'],
  ['PENDING', 'RUNNING'],
];

/**
 * By less than this differ the time in an id, which an api makes right before the insert, and `created_at`, which is the
 * database's: the wait for a connection, 2 s at most, and the difference of their clocks. Jobs of so long are looked at
 * before those of the wanted time: with more than 333 a second ({@link lookedAt} in a minute) the first page is empty.
 */
const clockSlackMs = 60_000;
const longestTime = 2 ** 48 - 1;

/** A statement with its parameters. */
interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** A row of {@link pageIds}: a job of the page, or the last one that was looked at for a page that did not become full. */
export interface PageRow {
  readonly id: string;
  readonly listed: boolean;
}

/**
 * Rows of a page, newest first. Both kinds come from one statement, hence from one snapshot: in two, a job that came or
 * changed in between would move the end of what was looked at, and jobs there would be listed twice or never.
 */
export function pageIds(filter: JobFilter): Statement {
  const params: unknown[] = [];
  const { served, others } = jobConditions(filter, params);
  const [limit, skip] = [`$${params.push(filter.limit)}`, `$${params.push(filter.skip ?? 0)}`];
  const page = (jobs: string) =>
    `SELECT id, true AS listed FROM ${jobs} ORDER BY id DESC LIMIT ${limit} OFFSET ${skip}`;
  // Of those to be skipped nobody keeps count from page to page, so that one could not go on where another ended.
  if (others.length === 0 || filter.skip) return { sql: page(`jobs WHERE ${all([...served, ...others])}`), params };
  const looked = `(SELECT id, kind, status, created_at, metadata, input FROM jobs WHERE ${all(served)}
                   ORDER BY id DESC LIMIT ${lookedAt}) looked WHERE ${all(others)}`;
  return {
    sql: `WITH page AS MATERIALIZED (${page(looked)})
          SELECT id, listed FROM page
          UNION ALL
          (SELECT id, false FROM jobs WHERE (SELECT count(*) FROM page) < ${limit} AND ${all(served)}
           ORDER BY id DESC LIMIT 1 OFFSET ${lookedAt - 1})
          ORDER BY listed DESC, id DESC`,
    params,
  };
}

/** Conditions of a filter: those that lead to the jobs in the order of their ids, and those that each must be looked at for. */
export function jobConditions(
  filter: JobFilter,
  params: unknown[],
): { readonly served: readonly string[]; readonly others: readonly string[] } {
  return { served: servedByIndex(filter, params), others: lookedAtEach(filter, params) };
}

/** Conditions that lead to the jobs in the order of their ids. */
function servedByIndex(filter: JobFilter, params: unknown[]): string[] {
  const { ownerId, status, createdAfter, createdBefore, beforeId } = filter;
  const having = (condition: string, value: unknown) => `${condition} $${params.push(value)}`;
  return [
    ...(ownerId === undefined ? [] : [having('owner_id =', ownerId)]),
    ...(status !== undefined && isIndexed(status) ? [isOneOf(status)] : []),
    // Ids begin with a time: what is far from the wanted one need not be looked at.
    ...(createdAfter ? [having('id >=', idAt(createdAfter.getTime() - clockSlackMs))] : []),
    ...(createdBefore ? [having('id <', idAt(createdBefore.getTime() + clockSlackMs))] : []),
    ...(beforeId === undefined ? [] : [having('id <', beforeId)]),
  ];
}

function lookedAtEach(filter: JobFilter, params: unknown[]): string[] {
  const { status, kind, createdAfter, createdBefore, q } = filter;
  const having = (condition: string, value: unknown, end = '') => `${condition}$${params.push(value)}${end}`;
  return [
    ...(status?.length && !isIndexed(status) ? [isOneOf(status)] : []),
    ...(kind?.length ? [having('kind = ANY (', kind, ')')] : []),
    ...(createdAfter ? [having('created_at > ', createdAfter)] : []),
    ...(createdBefore ? [having('created_at < ', createdBefore)] : []),
    ...(q === undefined ? [] : [holds(q, params)]),
  ];
}

/** Condition on a row of `jobs`: a text, in any letter case, is in its fields, its metadata or its kind, or begins or ends its id. */
export function holds(q: string, params: unknown[]): string {
  const text = q.replace(/[\\%_]/g, '\\$&');
  const [start, end] = [params.push(`${text.toLowerCase()}%`), params.push(`%${text.toLowerCase()}`)];
  const part = params.push(`%${text}%`);
  return `(id::text LIKE $${start} OR id::text LIKE $${end} OR kind ILIKE $${part} OR metadata::text ILIKE $${part} OR input::text ILIKE $${part})`;
}

/** A literal, not a parameter: it makes the planner use the partial indexes. */
function isOneOf(statuses: readonly JobStatus[]): string {
  return `status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;
}

function isIndexed(statuses: readonly JobStatus[]): boolean {
  return statuses.length > 0 && indexed.some((of) => statuses.every((status) => of.includes(status)));
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** The lowest UUID v7 of a time. */
export function idAt(milliseconds: number): string {
  const hex = Math.min(longestTime, Math.max(0, milliseconds)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
