import { given, oneOf } from '../ui/search-params.js';

const orders = ['oldest', 'newest', 'best', 'worst'] as const;
export type ReviewOrder = (typeof orders)[number];

/** What is in the address of the inbox. */
export interface ReviewSearch {
  readonly sort?: ReviewOrder;
}

/** Takes from an address what it can have, and leaves out what is wrong. */
export function readReviewSearch({ sort }: Record<string, unknown>): ReviewSearch {
  return given<ReviewSearch>({ sort: oneOf(orders, sort) });
}
