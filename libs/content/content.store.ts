import { Injectable } from '@nestjs/common';
import type { JobEntity } from '@longhaul/jobs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import type { ContentReviewEntity } from './content-review.entity.js';
import { contentTransitions, mayMove, type ContentState, type Decision } from './content-state.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { hideItem, showVersion } from './published-posts.js';
import { appendReviews, reviewColumns, type NewReview } from './review-rows.js';
import { hasSeenText, type SeenVersion } from './seen-version.js';
import { giveSlug } from './slug.js';
import type { SeoMetadata } from './version-hash.js';
import { holdItem, nextVersion } from './version-rows.js';

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

/** A version that a person made. */
export interface Written {
  readonly outcome: 'done';
  readonly item: ContentItemEntity;
  readonly version: ContentVersionEntity;
  /** The task that judges it; null when its verdict is known. */
  readonly task: JobEntity | null;
}

/** What of a version a person changes; what is left out is taken over. */
export interface Edit {
  readonly title?: string;
  readonly body?: string;
  readonly seo?: SeoMetadata;
  readonly tags?: readonly string[];
  readonly reason?: string | undefined;
}

/** Decisions on one version, taken at once. */
export interface Verdict {
  /** In this order. */
  readonly decisions: readonly [Decision, ...Decision[]];
  readonly reason: string | null;
  readonly feedback: string | null;
  /** Whether the one who decides may do so with a text of these people. */
  readonly mayDecide: (text: { readonly ownerId: string; readonly authorIds: readonly string[] }) => boolean;
  /** Done again for a verdict that is repeated. */
  readonly followUp?: FollowUp<Omit<Decided, 'task'>>;
}

export interface Decided {
  readonly outcome: 'done';
  readonly item: ContentItemEntity;
  readonly version: ContentVersionEntity;
  /** The rows of the chain, with that of an older version that was taken down; of a verdict that the same person repeats, the newest that is there already. */
  readonly reviews: readonly ContentReviewEntity[];
  readonly repeated: boolean;
  /** What its follow-up has submitted. */
  readonly task: JobEntity | null;
}

interface Held {
  readonly item: ContentItemEntity;
  readonly latest: ContentVersionEntity;
}

/** What people write: versions, and decisions on them. Each change is one transaction that holds its item. */
@Injectable()
export class ContentStore {
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  /**
   * Makes a version out of the newest one and puts it before the reviewers.
   * @param judge for a text that has no verdict yet.
   */
  edit(change: Change, edit: Edit, judge: FollowUp<Omit<Written, 'task'>>): Promise<Refusal | Written> {
    return this.onNewest(change, async (manager, { item, latest }) => {
      const seo = edit.seo ?? latest.seo;
      if (seo === null) return { outcome: 'no_seo' };
      const title = edit.title ?? latest.title;
      await giveSlug(manager, item, title);
      const body = edit.body ?? latest.body;
      const version = await nextVersion(manager, {
        ...{ itemId: item.id, state: 'AWAITING_APPROVAL', origin: 'edit', parent: latest.number },
        ...{ authorId: change.actorId, taskId: null, step: null, reason: edit.reason ?? null, generator: null },
        ...{ title, body, sources: latest.sources, seo, tags: edit.tags ?? latest.tags },
        quality: title === latest.title && body === latest.body ? latest.quality : null,
      });
      return withVerdict(manager, { outcome: 'done', item, version }, judge);
    });
  }

  /** Makes a version with the text of an older one, and its verdict, and puts it before the reviewers. */
  rollback(
    change: Change,
    { version: number, reason }: { readonly version: number; readonly reason: string },
    judge: FollowUp<Omit<Written, 'task'>>,
  ): Promise<Refusal | Written> {
    return this.onNewest(change, async (manager, { item, latest }) => {
      const older = await manager.findOneBy(ContentVersionEntity, { itemId: item.id, number });
      if (older === null || older.number === latest.number) return { outcome: 'no_such_version' };
      // A draft may be older than the first search metadata.
      const seo = older.seo ?? latest.seo;
      if (seo === null) return { outcome: 'no_seo' };
      await giveSlug(manager, item, older.title);
      const version = await nextVersion(manager, {
        ...{ itemId: item.id, state: 'AWAITING_APPROVAL', origin: 'rollback', parent: older.number },
        ...{ authorId: change.actorId, taskId: null, step: null, reason, generator: null },
        ...{ title: older.title, body: older.body, sources: older.sources, seo, tags: older.tags },
        quality: older.quality,
      });
      return withVerdict(manager, { outcome: 'done', item, version }, judge);
    });
  }

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
      const authorIds = await authorsOf(manager, version);
      if (!verdict.mayDecide({ ownerId: item.ownerId, authorIds })) return { outcome: 'four_eyes' };
      if (!mayMove(version.state, first)) return { outcome: 'wrong_state', state: version.state };
      const reviews = await this.take(manager, version, change, verdict);
      return withFollowUp(manager, { outcome: 'done', item, version, reviews, repeated: false }, verdict);
    };
    return this.inTurn(() => this.holding(change.itemId, work));
  }

  private async take(
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
      await manager.update(
        ContentItemEntity,
        { id: itemId },
        { publishedVersion: published, updatedAt: () => 'now()' },
      );
    }
    const rows = await appendReviews(manager, reviews);
    const newest = rows[rows.length - 1];
    if (last === 'published') await showVersion(manager, version, newest);
    if (last === 'unpublished') await hideItem(manager, newest);
    return rows;
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

  private onNewest<Answer>(
    change: Change,
    work: (manager: EntityManager, held: Held) => Promise<Refusal | Answer>,
  ): Promise<Refusal | Answer> {
    return this.holding<Answer>(change.itemId, async (manager, held) => {
      const isSeen = hasSeenText(held.latest, change.seen) && (await knowsState(manager, held.latest, change));
      return isSeen ? work(manager, held) : { outcome: 'stale' };
    });
  }

  /** Runs in a transaction in which nobody else changes the item. */
  private holding<Answer>(
    itemId: string,
    work: (manager: EntityManager, held: Held) => Promise<Refusal | Answer>,
  ): Promise<Refusal | Answer> {
    return this.items.manager.transaction(async (manager) => {
      const item = await holdItem(manager, itemId);
      if (item === null || item.latestVersion === 0) return { outcome: 'missing' };
      const latest = await manager.findOneByOrFail(ContentVersionEntity, { itemId, number: item.latestVersion });
      return work(manager, { item, latest });
    });
  }
}

async function withVerdict(
  manager: EntityManager,
  written: Omit<Written, 'task'>,
  judge: FollowUp<Omit<Written, 'task'>>,
): Promise<Written> {
  return { ...written, task: written.version.quality === null ? await judge(manager, written) : null };
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

/** Whether the state is the one that was seen. Who has decided last knows it, without having read it again. */
async function knowsState(
  manager: EntityManager,
  version: ContentVersionEntity,
  { seen, actorId }: Change,
): Promise<boolean> {
  return version.state === seen.state || (await newestReview(manager, version))?.actorId === actorId;
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

/**
 * All who wrote something of a version that is new since the last approval: the authors along its parents, back to the
 * one that was approved. Who only saved a text again, or brought it back, has written nothing. By hashes, which cover all
 * that people write.
 */
async function authorsOf(manager: EntityManager, { itemId, number }: ContentVersionEntity): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH RECURSIVE line AS (
       SELECT item_id, number, parent, origin, author_id, hash FROM content_versions WHERE item_id = $1 AND number = $2
       UNION
       SELECT older.item_id, older.number, older.parent, older.origin, older.author_id, older.hash
       FROM line
       JOIN content_versions brought ON brought.item_id = line.item_id AND brought.number = line.parent
       -- What is brought back without search metadata takes over those of the newest version.
       JOIN content_versions older ON older.item_id = line.item_id AND (older.number = line.parent
         OR (line.origin = 'rollback' AND brought.seo IS NULL AND older.number = line.number - 1))
       WHERE NOT EXISTS (SELECT FROM content_reviews review WHERE review.item_id = older.item_id
                           AND review.version = older.number AND review.decision = 'approved')
     )
     SELECT DISTINCT line.author_id AS id FROM line
     LEFT JOIN content_versions parent ON parent.item_id = line.item_id AND parent.number = line.parent
     WHERE line.hash IS DISTINCT FROM parent.hash`,
    [itemId, number],
  );
  return rows.map(({ id }) => id);
}

async function newestReview(
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
