import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.js';

/** What was submitted. @param id null: nothing is asked for. */
export function useTaskInput(id: string | null) {
  return useQuery({
    queryKey: ['task-input', id],
    queryFn: ({ signal }) => unwrap(api.GET('/tasks/{id}/input', { params: { path: { id: id ?? '' } }, signal })),
    enabled: id !== null,
    staleTime: Infinity,
  });
}
