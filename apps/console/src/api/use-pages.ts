import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ListPage } from './page.js';

interface PagesOptions<Item> {
  readonly key: readonly unknown[];
  readonly load: (cursor: { readonly cursor?: string }, signal: AbortSignal) => Promise<ListPage<Item>>;
  /** Milliseconds from one look to the next while the page is visible; left out: once. */
  readonly refreshMs?: number;
}

/** A list that is loaded page by page, as far as somebody asks for. */
export function usePages<Item>({ key, load, refreshMs }: PagesOptions<Item>) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
    ...(refreshMs !== undefined && { refetchInterval: refreshMs }),
  });
}
