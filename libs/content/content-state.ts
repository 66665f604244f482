/** Every state that a version can have; the database CHECK, the docs and the OpenAPI enum are tested against this list. */
export const contentStates = [
  'DRAFT',
  'AWAITING_APPROVAL',
  'APPROVED',
  'REJECTED',
  'PUBLISHED',
  'UNPUBLISHED',
] as const;
export type ContentState = (typeof contentStates)[number];

/** A change of a version's state: from which states it may start, and where it leads. */
export interface ContentTransition {
  readonly from: readonly ContentState[];
  readonly to: ContentState;
}

/**
 * The whole state machine of a version. Only the newest version of an item is submitted, approved, rejected or
 * published; one that awaits approval while a newer one is made goes back to DRAFT, and one that is public while a newer
 * one is published is taken down with it.
 */
export const contentTransitions = {
  submitted: { from: ['DRAFT'], to: 'AWAITING_APPROVAL' },
  superseded: { from: ['AWAITING_APPROVAL'], to: 'DRAFT' },
  approved: { from: ['AWAITING_APPROVAL'], to: 'APPROVED' },
  rejected: { from: ['AWAITING_APPROVAL'], to: 'REJECTED' },
  published: { from: ['APPROVED', 'UNPUBLISHED'], to: 'PUBLISHED' },
  unpublished: { from: ['PUBLISHED'], to: 'UNPUBLISHED' },
} as const satisfies Record<string, ContentTransition>;
export type ContentTransitionName = keyof typeof contentTransitions;

/** Whether a version in this state may go through this transition. */
export function mayMove(state: ContentState, transition: ContentTransitionName): boolean {
  return (contentTransitions[transition].from as readonly ContentState[]).includes(state);
}

/** The decisions that people take; each is a row of the approval history. */
export const decisions = [
  'approved',
  'rejected',
  'published',
  'unpublished',
] as const satisfies readonly ContentTransitionName[];
export type Decision = (typeof decisions)[number];

/** How a version came to be. */
export const versionOrigins = ['draft', 'refinement', 'edit', 'rollback'] as const;
export type VersionOrigin = (typeof versionOrigins)[number];

export const contentFormats = ['blog_post', 'newsletter', 'social_media', 'email'] as const;
export type ContentFormat = (typeof contentFormats)[number];
