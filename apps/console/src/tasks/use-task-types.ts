import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client.js';

export type TaskType = Schemas['TaskTypeDto'];

/** What can be submitted; it changes with releases only. */
export function useTaskTypes() {
  return useQuery({
    queryKey: ['task-types'],
    queryFn: ({ signal }) => unwrap(api.GET('/task-types', { signal })),
    staleTime: 300_000,
  });
}

/** `web_scrape` as people read it: its title, or the word itself while that is not known. */
export function useKindTitle(): (taskType: string) => string {
  const { data } = useTaskTypes();
  return (taskType) => data?.find(({ task_type }) => task_type === taskType)?.title ?? taskType;
}
