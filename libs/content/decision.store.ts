import { Injectable } from '@nestjs/common';
import type { JobEntity } from '@longhaul/jobs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import type { ContentReviewEntity } from './content-review.entity.js';
import { contentTransitions, mayMove, type Decision } from './content-state.js';
import { ContentVersionEntity } from './content-version.entity.js';
import {
  holdingContent,
  knowsState,
  newestReview,
  type Change,
  type FollowUp,
  type Held,
  type Refusal,
} from './held-content.js';
import { hideItem, showVersion } from './published-posts.js';
import { appendReviews, type NewReview } from './review-rows.js';
import { hasSeenText } from './seen-version.js';
import { authorsOf } from './version-authors.js';

/** Decisions on one version, taken at once. */
export interface Verdict {
  /** In this order. */
  readonly decisions: readonly [Decision, ...Decision[]];
  readonly reason: string | null;
  readonly feedback: string | null;
  /** Whether the one who decides may do so with a text of these people; without it everybody may. */
  readonly mayDecide?: (text: { readonly ownerId: string; readonly authorIds: readonly string[] }) => boolean;
  /** Done again for a verdict that is repeated. */
  readonly followUp?: FollowUp<Omit<Decided, 'task'>>;
}

export interface Decided {
  readonly outcome: 'done';
  readonly item: ContentItemEntity;
  readonly version: ContentVersionEntity;
  /**
   * The rows of the chain, with that of an older version that was taken down; of a verdict that the same person repeats,
   * the newest that is there already.
   */
  readonly reviews: readonly ContentReviewEntity[];
  readonly repeated: boolean;
  /** What its follow-up has submitted. */
  readonly task: JobEntity | null;
}

/** Decisions on versions. Each verdict is one transaction that holds its item. */
@Injectable()
export class DecisionStore {
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  /**
   * Decides on a version: its state, the rows of the chain and what the site shows change together or not at all. Who
   * repeats its own newest verdict on a version in the same words gets the same answer, and nothing is written.
   */
  decide(change: Change, verdict: Verdict): Promise<Refusal | Decided> {
    const work = async (manager: EntityManager, held: Held): Promise<Refusal | Decided> => {
      const { item } = held;
      const [first] = verdict.decisions;
      const version = first === 'unpublished' ? await publicVersion(manager, held, change) : held.latest;
      const named = [version, held.latest].find((candidate) => hasSeenText(candidate, change.seen));
      if (named === undefined) return { outcome: 'stale' };
      const newest = await newestReview(manager, version);
      if (newest !== undefined && isRepeated(newest, change, verdict)) {
        return withFollowUp(manager, { outcome: 'done', item, version, reviews: [newest], repeated: true }, verdict);
      }
      if (!(await knowsState(manager, named, change))) return { outcome: 'stale' };
      const { mayDecide } = verdict;
      if (mayDecide && !mayDecide({ ownerId: item.ownerId, authorIds: await authorsOf(manager, version) })) {
        return { outcome: 'four_eyes' };
      }
      if (!mayMove(version.state, first)) return { outcome: 'wrong_state', state: version.state };
      const reviews = await take(manager, version, change, verdict);
      return withFollowUp(manager, { outcome: 'done', item, version, reviews, repeated: false }, verdict);
    };
    return this.inTurn(() => holdingContent(this.items.manager, change.itemId, work));
  }

  /**
   * One decision at a time in this process: all of them wait for the end of the one chain, and those that waited for it
   * in the database would keep its connections from everybody else.
   */
  private inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

async function take(
  manager: EntityManager,
  version: ContentVersionEntity,
  { actorId }: Change,
  { decisions, reason, feedback }: Verdict,
): Promise<ContentReviewEntity[]> {
  const { itemId, number } = version;
  const last = decisions.at(-1);
  const reviews: NewReview[] = [];
  for (const decision of decisions) {
    const older = decision === 'published' ? await takeDownOlder(manager, itemId) : null;
    if (older !== null) {
      reviews.push({ ...subjectOf(older), decision: 'unpublished', actorId, reason: null, feedback: null });
    }
    await move(manager, version, decision);
    reviews.push({ ...subjectOf(version), decision, actorId, reason, feedback });
  }
  const published = last === 'published' ? number : null;
  if (last === 'published' || last === 'unpublished') {
    await manager.update(ContentItemEntity, { id: itemId }, { publishedVersion: published, updatedAt: () => 'now()' });
  }
  const rows = await appendReviews(manager, reviews);
  const newest = rows[rows.length - 1];
  if (last === 'published') await showVersion(manager, version, newest);
  if (last === 'unpublished') await hideItem(manager, newest);
  return rows;
}

async function withFollowUp(
  manager: EntityManager,
  decided: Omit<Decided, 'task'>,
  { followUp }: Verdict,
): Promise<Decided> {
  return { ...decided, task: followUp === undefined ? null : await followUp(manager, decided) };
}

/** Whether it is the same decision again: other words are not those that the history has. */
function isRepeated(
  newest: ContentReviewEntity,
  { actorId }: Change,
  { decisions, reason, feedback }: Verdict,
): boolean {
  const isSame = newest.actorId === actorId && newest.decision === decisions.at(-1);
  return isSame && newest.reason === reason && newest.feedback === feedback;
}

/**
 * What an unpublish is about: the version that the site shows, which need not be the newest; while it shows none, the one
 * that was taken down last.
 */
async function publicVersion(
  manager: EntityManager,
  { item, latest }: Held,
  { seen }: Change,
): Promise<ContentVersionEntity> {
  const number = item.publishedVersion ?? (await takenDown(manager, item)) ?? seen.number;
  return (await manager.findOneBy(ContentVersionEntity, { itemId: item.id, number })) ?? latest;
}

async function takenDown(manager: EntityManager, { id }: ContentItemEntity): Promise<number | undefined> {
  const [review] = await manager.query<{ version: number }[]>(
    `SELECT version FROM content_reviews WHERE item_id = $1 AND decision = 'unpublished' ORDER BY seq DESC LIMIT 1`,
    [id],
  );
  return review?.version;
}

/** What a row of the history is about. */
function subjectOf({
  itemId,
  number,
  hash,
}: ContentVersionEntity): Pick<NewReview, 'itemId' | 'version' | 'versionHash'> {
  return { itemId, version: number, versionHash: hash };
}

/** Takes down the version that is published while a newer one is about to be. */
async function takeDownOlder(manager: EntityManager, itemId: string): Promise<ContentVersionEntity | null> {
  const older = await manager.findOneBy(ContentVersionEntity, { itemId, state: 'PUBLISHED' });
  if (older !== null) await move(manager, older, 'unpublished');
  return older;
}

/** Moves a version of a held item; its state was looked at under the same lock. */
async function move(manager: EntityManager, version: ContentVersionEntity, decision: Decision): Promise<void> {
  const { from, to } = contentTransitions[decision];
  const [, changed] = await manager.query<[unknown, number]>(
    `UPDATE content_versions SET state = $3 WHERE item_id = $1 AND number = $2 AND state = ANY($4)`,
    [version.itemId, version.number, to, from],
  );
  if (changed !== 1) throw new Error(`Version ${version.number} of ${version.itemId} cannot be ${decision}.`);
  version.state = to;
}
