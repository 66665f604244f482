import type { ContentState, ListedVersion, Review, Version } from '../content/content.js';
import { texts } from '../texts.js';

/** What somebody did meanwhile. */
export interface Change {
  readonly key: string;
  readonly actorId: string;
  /** Null where none is known. */
  readonly actorName: string | null;
  /** A task made it, in the name of the actor. */
  readonly isTask: boolean;
  readonly what: string;
  readonly why: string | null;
  readonly at: string;
}

const stateAfter: Record<Review['decision'], ContentState> = {
  approved: 'APPROVED',
  rejected: 'REJECTED',
  published: 'PUBLISHED',
  unpublished: 'UNPUBLISHED',
};

/** What happened to an item since a version was seen in its state, newest first. */
export function sinceSeen(
  seen: Pick<Version, 'number' | 'state'>,
  reviews: readonly Review[],
  versions: readonly ListedVersion[],
): Change[] {
  const known = reviews.findIndex(
    ({ version, decision }) => version === seen.number && stateAfter[decision] === seen.state,
  );
  const later = (known === -1 ? reviews : reviews.slice(0, known)).filter(({ version }) => version >= seen.number);
  return [
    ...later.map((review) => ({
      key: `decision-${review.seq}`,
      actorId: review.actor_id,
      actorName: review.actor_name,
      isTask: false,
      what: texts.article.changes[review.decision](review.version),
      why: review.reason ?? review.feedback,
      at: review.at,
    })),
    ...versions
      .filter(({ number }) => number > seen.number)
      .map((version) => ({
        key: `version-${version.number}`,
        actorId: version.author_id,
        actorName: version.author_name,
        isTask: version.task_id !== null,
        what: texts.article.changes.made(version.number, texts.content.origins[version.origin].toLowerCase()),
        why: version.reason,
        at: version.created_at,
      })),
  ].sort((a, b) => b.at.localeCompare(a.at));
}
