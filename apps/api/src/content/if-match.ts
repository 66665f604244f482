import { shownHashLength, type ContentVersionEntity, type SeenVersion } from '@longhaul/content';
import { Problem } from '../problems/problem.js';

/**
 * Strong ETag of a version: its number, the beginning of its hash, and its state. `"3-9f86d081884c7d65-APPROVED"`.
 */
export function etagOfVersion({
  number,
  hash,
  state,
}: Pick<ContentVersionEntity, 'number' | 'hash' | 'state'>): string {
  return `"${number}-${hash.slice(0, shownHashLength)}-${state}"`;
}

const entityTag = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;
const versionTag = /^"(\d{1,9})-([0-9a-f]{16,64})-([A-Z_]{1,20})"$/;

/** What no version has. */
const unknown: SeenVersion = { number: 0, hashStart: '', state: '' };

/**
 * The version that If-Match names. A tag that none of ours looks like is that of no version, so it is stale.
 * @throws Problem `if_match_required` without the header, `invalid_header` when it is not one entity tag: a change names
 * one version, so `*` and lists are refused; `stale_version` for a weak one, which the strong comparison of RFC 9110,
 * section 13.1.1, never finds equal.
 */
export function seenVersion(ifMatch: string | undefined): SeenVersion {
  if (ifMatch === undefined) throw new Problem('if_match_required');
  const tag = ifMatch.trim();
  if (!entityTag.test(tag)) throw new Problem('invalid_header', 'If-Match must be one ETag in quotes.');
  if (tag.startsWith('W/')) {
    throw new Problem(
      'stale_version',
      'If-Match is a weak ETag (W/"…"), which names no exact text; proxies that compress make ETags weak. Send it without W/, as in `version.etag`.',
    );
  }
  return readTag(tag);
}

/** As {@link seenVersion}, of a tag that was checked to be one. */
export function readTag(tag: string): SeenVersion {
  const [, number, hashStart, state] = versionTag.exec(tag) ?? [];
  return number === undefined ? unknown : { number: Number(number), hashStart, state };
}
