import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { authorizedFetch } from '../api/client.js';
import { problemOf } from '../api/problem.js';
import { useUser } from '../session/use-session.js';
import { taskQuery, type TaskSearch, type TaskStatus } from './task-filter.js';

interface Counts {
  readonly counts: Readonly<Partial<Record<TaskStatus, number>>>;
  readonly capped: boolean;
}

const refreshMs = 4_000;

/** How many tasks of the filter there are of each status. */
export function useTaskCounts({ status: _status, ...search }: TaskSearch) {
  const query = new URLSearchParams(taskQuery(search, useUser())).toString();
  return useQuery({
    queryKey: ['task-counts', query],
    queryFn: ({ signal }) => count(query, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

async function count(query: string, signal: AbortSignal): Promise<Counts> {
  const answer = await authorizedFetch(`/tasks/counts?${query}`, { signal });
  const body: unknown = await answer.json();
  if (!answer.ok) throw problemOf(answer.status, body);
  return body as Counts;
}
