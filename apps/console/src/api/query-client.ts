import { QueryClient, QueryObserver } from '@tanstack/react-query';
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

/**
 * Keeps what was loaded although no page looks at it. @returns what ends that: pages that come back then look whether it still
 * holds.
 */
export function holdQueries(): () => void {
  const releases = queryClient
    .getQueryCache()
    .getAll()
    .map(({ queryKey }) => new QueryObserver(queryClient, { queryKey, enabled: false }).subscribe(() => undefined));
  return () => {
    for (const release of releases.splice(0)) release();
    void queryClient.invalidateQueries();
  };
}
