import { api, unwrap, type Schemas } from '../api/client.js';

export type BulkAction = Schemas['BulkTasksDto']['action'];

/** What became of one task. */
export type BulkResult = Schemas['BulkResultsDto']['results'][number];

/** Most tasks of one call. */
const callSize = 100;

/** Does the same to many tasks, each by itself. @throws Problem, Unreachable when a call is refused as a whole. */
export async function bulk(action: BulkAction, ids: readonly string[]): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = [];
  for (let from = 0; from < ids.length; from += callSize) {
    const body = { action, task_ids: ids.slice(from, from + callSize) };
    results.push(...(await unwrap(api.POST('/tasks/bulk', { body }))).results);
  }
  return results;
}
