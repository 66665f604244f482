import { useQuery } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { usePages } from '../api/use-pages.js';

export type Failure = Schemas['FailedGroupDto'];

const refreshMs = 5_000;
/** Tasks of a failure that are shown. */
const exampleCount = 5;
/** Key of all that is read of failures. */
export const failuresKey = 'failures';

/** Failed tasks by cause, newest failure first; asked for again while the page is visible. */
export function useFailures(type: string | undefined) {
  return usePages<Failure>({
    key: [failuresKey, 'list', type],
    load: (cursor, signal) =>
      unwrapPage(
        api.GET('/admin/failed', {
          params: { query: { ...(type !== undefined && { task_type: [type] }), ...cursor, limit: 20 } },
          signal,
        }),
      ),
    refreshMs,
  });
}

/** The newest tasks of a failure. */
export function useExamples(fingerprint: string) {
  return useQuery({
    queryKey: [failuresKey, 'examples', fingerprint],
    queryFn: async ({ signal }) => {
      const params = { path: { fingerprint }, query: { limit: exampleCount } };
      return (await unwrap(api.GET('/admin/failed/{fingerprint}', { params, signal }))).tasks;
    },
    refetchInterval: refreshMs,
  });
}
