import type { Schemas } from '../api/client.js';
import type { User } from '../session/issuer.js';

export type Task = Schemas['TaskDto'];
export type TaskStatus = Task['status'];

export const statuses = [
  'PENDING',
  'RUNNING',
  'SUCCESS',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly TaskStatus[];

/** What is in the address of the list. */
export interface TaskSearch {
  readonly status?: TaskStatus;
  readonly type?: string;
  /** For admins: whose tasks. */
  readonly owner?: string;
  readonly q?: string;
  /** RFC 3339. */
  readonly after?: string;
  readonly before?: string;
}

/** Takes from an address what it can have, and leaves out what is wrong. */
export function readTaskSearch(search: Record<string, unknown>): TaskSearch {
  const status = statuses.find((known) => known === search.status);
  const type = matching(search.type, /^[a-z][a-z0-9_]{0,63}$/);
  const owner = matching(search.owner, /^.{1,255}$/);
  const q = matching(search.q, /^[^]{1,200}$/);
  const after = time(search.after);
  const before = time(search.before);
  return {
    ...(status && { status }),
    ...(type && { type }),
    ...(owner && { owner }),
    ...(q && { q }),
    ...(after && { after }),
    ...(before && { before }),
  };
}

/** Query of `GET /tasks`, of its stream and of its counts. */
export interface TaskQuery {
  readonly status?: TaskStatus;
  readonly task_type?: string;
  readonly owner_id?: string;
  readonly q?: string;
  readonly created_after?: string;
  readonly created_before?: string;
}

/** What to ask for; whose tasks only admins may ask. */
export function taskQuery({ status, type, owner, q, after, before }: TaskSearch, user: User): TaskQuery {
  const isAdmin = user.roles.includes('admin');
  return {
    ...(status && { status }),
    ...(type && { task_type: type }),
    ...(owner && isAdmin && { owner_id: owner }),
    ...(q && { q }),
    ...(after && { created_after: after }),
    ...(before && { created_before: before }),
  };
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && pattern.test(text) ? text : undefined;
}

function time(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
}
