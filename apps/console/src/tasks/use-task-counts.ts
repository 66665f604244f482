import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.js';
import { useUser } from '../session/use-session.js';
import { taskQuery, type TaskSearch } from './task-filter.js';

const refreshMs = 4_000;

/** How many tasks of the filter there are of each status. */
export function useTaskCounts({ status: _status, ...search }: TaskSearch) {
  const { task_type: type, ...others } = taskQuery(search, useUser());
  const query = { ...others, ...(type && { task_type: [type] }) };
  return useQuery({
    queryKey: ['task-counts', query],
    queryFn: ({ signal }) => unwrap(api.GET('/tasks/counts', { params: { query }, signal })),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}
