import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client.js';

export type TaskType = Schemas['TaskTypeDto'];

const taskTypes = queryOptions({
  queryKey: ['task-types'],
  queryFn: ({ signal }) => unwrap(api.GET('/task-types', { signal })),
});

/** What can be submitted; it changes with releases only. */
export function useTaskTypes() {
  return useQuery({ ...taskTypes, staleTime: 300_000 });
}

/** Whether an admin has paused the type, as it was a few seconds ago. */
export function useIsPaused(taskType: string): boolean {
  const { data } = useQuery({ ...taskTypes, staleTime: 5_000, refetchInterval: 10_000 });
  return data?.find(({ task_type }) => task_type === taskType)?.paused === true;
}

/** `web_scrape` as people read it: its title, or the word itself while that is not known. */
export function useKindTitle(): (taskType: string) => string {
  const { data } = useTaskTypes();
  return (taskType) => data?.find(({ task_type }) => task_type === taskType)?.title ?? taskType;
}
