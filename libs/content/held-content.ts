import type { JobEntity } from '@longhaul/jobs';
import type { EntityManager } from 'typeorm';
import type { ContentItemEntity } from './content-item.entity.js';
import type { ContentReviewEntity } from './content-review.entity.js';
import type { ContentState } from './content-state.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { reviewColumns } from './review-rows.js';
import type { SeenVersion } from './seen-version.js';
import { holdItem } from './version-rows.js';

/** Why a change was not made. */
export type Refusal =
  /** There is no such item, or it has no version yet. */
  | { readonly outcome: 'missing' }
  /** The text is another one than was seen, or somebody else has decided on it since. */
  | { readonly outcome: 'stale' }
  /** The version's state does not allow it. */
  | { readonly outcome: 'wrong_state'; readonly state: ContentState }
  /** The approver owns the item or wrote something of the version. */
  | { readonly outcome: 'four_eyes' }
  /** A version awaits approval with search metadata only, and there is none to take over. */
  | { readonly outcome: 'no_seo' }
  /** A rollback brings back a version that the item has, other than the newest. */
  | { readonly outcome: 'no_such_version' };

/** A person who changes a version that it has seen. */
export interface Change {
  readonly itemId: string;
  readonly seen: SeenVersion;
  /** A user's id. */
  readonly actorId: string;
  /** W3C traceparent of the request; null outside of one. */
  readonly traceparent: string | null;
}

/** What else is written in the transaction of a change. @returns what is to be announced after its commit. */
export type FollowUp<Change> = (manager: EntityManager, change: Change) => Promise<JobEntity>;

/** An item that nobody else changes, with its newest version. */
export interface Held {
  readonly item: ContentItemEntity;
  readonly latest: ContentVersionEntity;
}

/** Runs in a transaction in which nobody else changes the item. */
export function holdingContent<Answer>(
  manager: EntityManager,
  itemId: string,
  work: (manager: EntityManager, held: Held) => Promise<Refusal | Answer>,
): Promise<Refusal | Answer> {
  return manager.transaction(async (within) => {
    const item = await holdItem(within, itemId);
    if (item === null || item.latestVersion === 0) return { outcome: 'missing' };
    const latest = await within.findOneByOrFail(ContentVersionEntity, { itemId, number: item.latestVersion });
    return work(within, { item, latest });
  });
}

/** Whether the state is the one that was seen. Who has decided last knows it, without having read it again. */
export async function knowsState(
  manager: EntityManager,
  version: ContentVersionEntity,
  { seen, actorId }: Change,
): Promise<boolean> {
  return version.state === seen.state || (await newestReview(manager, version))?.actorId === actorId;
}

/** The newest decision on a version. */
export async function newestReview(
  manager: EntityManager,
  { itemId, number }: ContentVersionEntity,
): Promise<ContentReviewEntity | undefined> {
  const [review] = await manager.query<ContentReviewEntity[]>(
    `SELECT ${reviewColumns('review')} FROM content_reviews review
     WHERE item_id = $1 AND version = $2 ORDER BY seq DESC LIMIT 1`,
    [itemId, number],
  );
  return review;
}
