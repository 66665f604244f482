import { isTerminal, statusAfter } from '@longhaul/jobs';
import type { Evidence, JobRow } from './evidence.js';

/** How many of the jobs met the fault: they came, or had not ended yet, between the beginning of a blow and its heal. */
export function metTheFault({ jobs, blows }: Pick<Evidence, 'jobs' | 'blows'>): number {
  return [...jobs.values()].filter((job) => blows.some(({ at, healedAt }) => meets(job, at, healedAt))).length;
}

function meets({ events }: JobRow, at: number, healedAt: number): boolean {
  const first = events.at(0);
  const last = events.at(-1);
  if (first === undefined || last === undefined) return false;
  return first.at <= healedAt && (!isTerminal(statusAfter(last.type)) || last.at >= at);
}
