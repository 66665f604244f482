import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { usePages } from '../api/use-pages.js';
import { useUser } from '../session/use-session.js';
import { contentQuery, type ContentSearch, type ContentSummary } from './content.js';

/** Milliseconds after which others may have changed something. */
const lookAgainMs = 10_000;
/** As many as are looked through to sort them; more than any editor gets through. */
const mostAwaiting = 2_000;
/** More than these are looked at again less often: each hundred is a call. */
const manyAwaiting = 500;
const pageSize = 100;

/** Content that the filters let through, page by page. */
export function useContentList(search: ContentSearch) {
  const query = contentQuery(search, useUser());
  return usePages<ContentSummary>({
    key: ['content', 'list', query],
    load: (cursor, signal) =>
      unwrapPage(api.GET('/content', { params: { query: { ...query, limit: pageSize, ...cursor } }, signal })),
  });
}

/** What awaits approval: all of it, or the newest of very many. */
export function useAwaiting() {
  return useQuery({
    queryKey: ['content', 'awaiting'],
    queryFn: fetchAwaiting,
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.items.length > manyAwaiting ? 6 * lookAgainMs : lookAgainMs,
  });
}

async function fetchAwaiting({ signal }: { readonly signal: AbortSignal }) {
  const items: ContentSummary[] = [];
  let cursor: string | null = null;
  do {
    const query: { state: ['AWAITING_APPROVAL']; limit: number; cursor?: string } = {
      state: ['AWAITING_APPROVAL'],
      limit: pageSize,
      ...(cursor !== null && { cursor }),
    };
    const page = await unwrapPage(api.GET('/content', { params: { query }, signal }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < mostAwaiting);
  return { items, isAll: cursor === null };
}

const path = (id: string) => ({ params: { path: { id } } });

/** An item with its newest version, looked at again and again. */
export function useContent(id: string) {
  return useQuery({
    queryKey: ['content', id, 'item'],
    queryFn: ({ signal }) => unwrap(api.GET('/content/{id}', { ...path(id), signal })),
    refetchInterval: lookAgainMs,
  });
}

/** All versions without their texts, oldest first. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: ['content', id, 'versions'],
    queryFn: ({ signal }) => unwrap(api.GET('/content/{id}/versions', { ...path(id), signal })),
  });
}

/** One version; its text never changes. */
export function useVersion(id: string, number: number | undefined) {
  return useQuery({
    queryKey: ['content', id, 'version', number],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/content/{id}/versions/{number}', { params: { path: { id, number: number ?? 0 } }, signal })),
    enabled: number !== undefined,
  });
}

/** What differs between two versions. */
export function useDiff(id: string, from: number, to: number) {
  return useQuery({
    queryKey: ['content', id, 'diff', from, to],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/content/{id}/versions/{from}/diff/{to}', { params: { path: { id, from, to } }, signal })),
    enabled: from !== to,
    staleTime: Infinity,
  });
}

/** The newest hundred decisions on an item. */
export function useReviewsOf(id: string) {
  return useQuery({
    queryKey: ['content', id, 'reviews'],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/content/{id}/reviews', { params: { path: { id }, query: { limit: pageSize } }, signal })),
  });
}
