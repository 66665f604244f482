import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.js';

/** What was refused is refused again; only what may pass by itself is tried anew. */
function isPassing(error: unknown): boolean {
  return !(error instanceof Problem) || error.status === 429 || error.status >= 500;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (failures, error) => failures < 3 && isPassing(error) },
  },
});
