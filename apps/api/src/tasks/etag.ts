import type { JobEntity } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';
import type { TaskQueueDto } from './task.dto.js';

/**
 * Strong ETag of a task as it is shown: the number of its newest event, and while it waits in line its position and the
 * estimate, which change without an event: `"1-3-40"`, `"1-3-"` without an estimate, `"1--"` far back in the line.
 */
export function etagOf({ lastSeq }: Pick<JobEntity, 'lastSeq'>, queue: TaskQueueDto | null): string {
  return queue === null ? `"${lastSeq}"` : `"${lastSeq}-${queue.position ?? ''}-${queue.estimated_wait_seconds ?? ''}"`;
}

const opaqueTag = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const tagList = new RegExp(String.raw`^\s*(?:\*|${opaqueTag}(?:\s*,\s*${opaqueTag})*)\s*$`);

/**
 * Whether If-None-Match names the current state (weak comparison, RFC 9110 13.1.2).
 * @throws Problem `invalid_header` when the header is neither `*` nor a list of entity tags.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = readTags(ifNoneMatch);
  return tags === '*' || tags.includes(etag);
}

/**
 * Whether If-None-Match names the newest event, whatever it says of the place in line: nothing has happened to the task
 * that the client does not know.
 * @throws Problem as {@link matchesEtag}.
 */
export function knowsEvent(ifNoneMatch: string | undefined, { lastSeq }: Pick<JobEntity, 'lastSeq'>): boolean {
  const tags = readTags(ifNoneMatch);
  return tags === '*' || tags.some((tag) => /^"(\d+)(?:-\d*-\d*)?"$/.exec(tag)?.[1] === String(lastSeq));
}

function readTags(ifNoneMatch: string | undefined): readonly string[] | '*' {
  if (ifNoneMatch === undefined) return [];
  if (!tagList.test(ifNoneMatch))
    throw new Problem('invalid_header', 'If-None-Match must be * or entity tags in quotes.');
  return ifNoneMatch.trim() === '*' ? '*' : (ifNoneMatch.match(/"[^"]*"/g) ?? []);
}
