import { Problem } from '../problems/problem.js';

/** Strong ETag of a task: the number of its newest event. */
export function etagOf(lastSeq: number): string {
  return `"${lastSeq}"`;
}

const opaqueTag = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const tagList = new RegExp(String.raw`^\s*(?:\*|${opaqueTag}(?:\s*,\s*${opaqueTag})*)\s*$`);

/**
 * Whether If-None-Match names the current state (weak comparison, RFC 9110 13.1.2).
 * @throws Problem `invalid_header` when the header is neither `*` nor a list of entity tags.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (!tagList.test(ifNoneMatch))
    throw new Problem('invalid_header', 'If-None-Match must be * or entity tags in quotes.');
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag);
}
