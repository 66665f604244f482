import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '../api/client.js';
import type { OverviewWindow } from './overview-search.js';

export type Overview = Schemas['OverviewDto'];
export type KindOverview = Schemas['KindOverviewDto'];
export type Bucket = Schemas['OverviewBucketDto'];
export type Worker = Schemas['WorkerDto'];
export type Breaker = Schemas['BreakerDto'];

const refreshMs = 5_000;
const overviewKey = 'overview';

/** How the installation is doing; asked for again while the page is visible. */
export function useOverview(window: OverviewWindow) {
  return useQuery({
    queryKey: [overviewKey, window],
    queryFn: ({ signal }) => unwrap(api.GET('/admin/overview', { params: { query: { window } }, signal })),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

/**
 * Shows at once what became of a kind. The api's overview may be two seconds old; this also puts the next look off until
 * it knows.
 */
export function useShowKindState(): (state: Schemas['KindStateDto']) => Promise<void> {
  const queries = useQueryClient();
  return async (state) => {
    await queries.cancelQueries({ queryKey: [overviewKey] });
    queries.setQueriesData<Overview>({ queryKey: [overviewKey] }, (overview) => overview && withState(overview, state));
  };
}

function withState(overview: Overview, state: Schemas['KindStateDto']): Overview {
  const { task_type, paused, paused_by, paused_by_name, paused_at, reason } = state;
  const known = {
    ...(paused_by !== null && { paused_by }),
    ...(paused_by_name !== null && { paused_by_name }),
    ...(paused_at !== null && { paused_at }),
    ...(reason !== null && { paused_reason: reason }),
  };
  const kinds = overview.kinds.map((kind) => (kind.task_type === task_type ? { ...kind, paused, ...known } : kind));
  return { ...overview, kinds };
}
