import { api, unwrap, type Schemas } from '../api/client.js';
import { describe } from '../api/problem.js';

export type BulkAction = Schemas['BulkTasksDto']['action'];

/** What became of one task. */
export interface BulkResult {
  readonly taskId: string;
  /** Null when it was done. */
  readonly refusal: string | null;
}

/** Most tasks of one call. */
const callSize = 100;

/**
 * Does the same to many tasks, each by itself, so many in a call. When a later call fails, what was done before is told all
 * the same, and the rest has that failure as its reason.
 * @throws Problem, Unreachable when already the first call fails.
 */
export async function bulk(action: BulkAction, ids: readonly string[]): Promise<readonly BulkResult[]> {
  const results: BulkResult[] = [];
  while (results.length < ids.length) {
    const piece = ids.slice(results.length, results.length + callSize);
    try {
      const answer = await unwrap(api.POST('/tasks/bulk', { body: { action, task_ids: piece } }));
      results.push(...answer.results.map(resultOf));
    } catch (error) {
      if (results.length === 0) throw error;
      const { title, detail } = describe(error);
      const rest = ids.slice(results.length);
      results.push(...rest.map((taskId) => ({ taskId, refusal: detail ?? title })));
    }
  }
  return results;
}

function resultOf(result: Schemas['BulkResultsDto']['results'][number]): BulkResult {
  return { taskId: result.task_id, refusal: result.ok ? null : (result.problem.detail ?? result.problem.title) };
}
