import { problemOf } from './problem.js';

/** A page of a list, and where the next one begins. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null when this is the last one. */
  readonly next: string | null;
}

/** A page with the cursor that its Link header names. @throws Problem when the api refused. */
export async function unwrapPage<Item>(
  call: Promise<{ data?: Item[]; error?: unknown; response: Response }>,
): Promise<Paged<Item>> {
  const { data = [], error, response } = await call;
  if (!response.ok) throw problemOf(response.status, error);
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '') ?? [];
  const next = address === undefined ? null : new URL(address, location.origin).searchParams.get('cursor');
  return { items: data, next };
}
