import { unwrap } from './client.js';

/** A part of a list, and where the next one begins. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Null at the end of the list. */
  readonly next: string | null;
}

/** As {@link unwrap}, for lists that come in pages. @throws Problem when the api refused. */
export async function unwrapPage<Item>(
  call: Promise<{ data?: Item[]; error?: unknown; response: Response }>,
): Promise<ListPage<Item>> {
  const items = await unwrap(call);
  const { response } = await call;
  return { items, next: nextCursor(response.headers.get('link')) };
}

/** From `Link: <…?cursor=…>; rel="next"`. */
function nextCursor(link: string | null): string | null {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return address === undefined ? null : new URL(address, location.origin).searchParams.get('cursor');
}
