import type { Schemas } from '../api/client.js';
import type { User } from '../session/issuer.js';
import { hasRole } from '../session/session.js';
import { given, oneOf, textOf } from '../ui/search-params.js';

export type Content = Schemas['ContentDto'];
export type ContentSummary = Schemas['ContentSummaryDto'];
export type Version = Schemas['VersionDto'];
export type ListedVersion = Schemas['ListedVersionDto'];
export type Review = Schemas['ReviewDto'];
export type ContentState = Version['state'];
export type ContentFormat = Content['format'];

export const states = [
  'AWAITING_APPROVAL',
  'APPROVED',
  'PUBLISHED',
  'REJECTED',
  'UNPUBLISHED',
  'DRAFT',
] as const satisfies readonly ContentState[];

const formats = ['blog_post', 'newsletter', 'social_media', 'email'] as const satisfies readonly ContentFormat[];

/** What is in the address of the list. */
export interface ContentSearch {
  readonly state?: ContentState;
  readonly format?: ContentFormat;
  readonly tag?: string;
  /** For editors: whose content. */
  readonly owner?: string;
  readonly q?: string;
}

/** Takes from an address what it can have, and leaves out what is wrong. */
export function readContentSearch(search: Record<string, unknown>): ContentSearch {
  return given<ContentSearch>({
    state: oneOf(states, search.state),
    format: oneOf(formats, search.format),
    tag: textOf(search.tag, /^.{1,50}$/),
    owner: textOf(search.owner, /^.{1,255}$/),
    q: textOf(search.q, /^[^]{1,200}$/),
  });
}

/** Query of `GET /content`. */
export function contentQuery({ state, format, tag, owner, q }: ContentSearch, user: User) {
  return {
    ...(state && { state: [state] }),
    ...(format && { format: [format] }),
    ...(tag && { tag }),
    ...(owner && isEditor(user) && { owner_id: owner }),
    ...(q && { q }),
  };
}

/** Editors decide, and see what belongs to others. */
export function isEditor(user: User): boolean {
  return hasRole(user, ['editor']);
}
