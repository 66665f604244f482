import { executionsOf, type Execution } from '../../support/growth/statements.js';
import type { Grown, Operation } from '../../support/growth/operations.js';
import { median } from '../report/statistics.js';

/** What one statement of an operation cost, each number the median of some times. */
export interface Cost {
  readonly text: string;
  readonly milliseconds: number;
  readonly blocks: number;
  /** As EXPLAIN (ANALYZE, BUFFERS) gave it the last time. */
  readonly plan: string;
}

/** BullMQ comments on its statements; its table has the name of ours. What is counted at times is an operation of its own. */
const others = /^--/;
const growing = ['jobs', 'job_events', 'removed_jobs'];

/** The statements of an operation that read tables which grow, in the order in which they came. */
export async function costsOf(grown: Grown, operation: Operation, times: number): Promise<Cost[]> {
  const byText = new Map<string, Execution[]>();
  for (let time = 0; time < times; time += 1) {
    for (const execution of await executionsOf(() => operation(grown))) {
      const { text, tables } = execution;
      if (others.test(text) || !tables.some((name) => growing.includes(name))) continue;
      byText.set(text, [...(byText.get(text) ?? []), execution]);
    }
  }
  // What came now and then only was no part of the operation.
  const ofOperation = [...byText].filter(([, executions]) => executions.length >= times / 2);
  return ofOperation.map(([text, executions]) => ({
    text,
    milliseconds: median(executions.map(({ milliseconds }) => milliseconds)),
    blocks: median(executions.map(({ blocks }) => blocks)),
    plan: executions.at(-1)?.plan ?? '',
  }));
}
