import { authorizedFetch } from '../api/client.js';
import { problemOf } from '../api/problem.js';
import type { TaskStatus } from './task-filter.js';

export type BulkAction = 'cancel' | 'retry';

/** What became of one task. */
export type BulkResult =
  | { readonly task_id: string; readonly ok: true; readonly status: TaskStatus }
  | {
      readonly task_id: string;
      readonly ok: false;
      readonly problem: { readonly code: string; readonly title: string; readonly detail?: string };
    };

/** Most tasks of one call. */
const callSize = 100;

/** Does the same to many tasks, each by itself. @throws Problem, Unreachable when a call is refused as a whole. */
export async function bulk(action: BulkAction, ids: readonly string[]): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = [];
  for (let from = 0; from < ids.length; from += callSize) {
    const answer = await authorizedFetch('/tasks/bulk', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action, task_ids: ids.slice(from, from + callSize) }),
    });
    const body: unknown = await answer.json();
    if (!answer.ok) throw problemOf(answer.status, body);
    results.push(...(body as { results: BulkResult[] }).results);
  }
  return results;
}
