import type { JobStatus } from './job-status.js';

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

/** By less than this differ the clocks of the apis, which make the ids, and of the database. */
const clockSlackMs = 7_200_000;
const longestTime = 2 ** 48 - 1;

/** A statement with its parameters. */
interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Ids of a page, newest first. */
export function pageIds(filter: JobFilter): Statement {
  const params: unknown[] = [];
  const [served, others] = [servedByIndex(filter, params), lookedAtEach(filter, params)];
  const jobs =
    // Of those to be skipped nobody keeps count from page to page, so that one could not go on where another ended.
    others.length === 0 || filter.skip
      ? `jobs WHERE ${all([...served, ...others])}`
      : `(SELECT id, kind, status, created_at, metadata, input FROM jobs WHERE ${all(served)}
          ORDER BY id DESC LIMIT ${lookedAt}) looked WHERE ${all(others)}`;
  params.push(filter.limit, filter.skip ?? 0);
  return {
    sql: `SELECT id FROM ${jobs} ORDER BY id DESC LIMIT $${params.length - 1} OFFSET $${params.length}`,
    params,
  };
}

/** Id of the last job that a page is looked for in; no row when there are no more. Null: no page needs to be looked for. */
export function lastLookedAt(filter: JobFilter): Statement | null {
  if (filter.skip || lookedAtEach(filter, []).length === 0) return null;
  const params: unknown[] = [];
  const served = servedByIndex(filter, params);
  return {
    sql: `SELECT id FROM jobs WHERE ${all(served)} ORDER BY id DESC LIMIT 1 OFFSET ${lookedAt - 1}`,
    params,
  };
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

function holds(q: string, params: unknown[]): string {
  const text = q.replace(/[\\%_]/g, '\\$&');
  const [start, part] = [params.push(`${text.toLowerCase()}%`), params.push(`%${text}%`)];
  return `(id::text LIKE $${start} OR kind ILIKE $${part} OR metadata::text ILIKE $${part} OR input::text ILIKE $${part})`;
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
function idAt(milliseconds: number): string {
  const hex = Math.min(longestTime, Math.max(0, milliseconds)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
