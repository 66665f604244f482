import { api, unwrap } from '../api/client.js';
import { Problem } from '../api/problem.js';
import type { Content } from '../content/content.js';

export const verbs = ['approve', 'reject', 'publish', 'unpublish'] as const;
export type Verb = (typeof verbs)[number];

/** What a decision says beside what it is. */
export interface DecisionText {
  readonly reason: string;
  readonly feedback: string;
  readonly publish: boolean;
  readonly revise: boolean;
}

interface Seen {
  readonly id: string;
  /** ETag of the version that the person has before them. */
  readonly etag: string;
}

const about = ({ id, etag }: Seen) => ({ path: { id }, header: { 'If-Match': etag } });

/** Decides on the version that was seen, and on no other. @throws Problem, {@link isConflict} when somebody was faster. */
export function decide(verb: Verb, seen: Seen, { reason, feedback, publish, revise }: DecisionText): Promise<Content> {
  const params = about(seen);
  const said = feedback.trim() === '' ? {} : { feedback: feedback.trim() };
  switch (verb) {
    case 'approve':
      return unwrap(api.POST('/content/{id}/approve', { params, body: { ...said, publish } }));
    case 'reject':
      return unwrap(api.POST('/content/{id}/reject', { params, body: { ...said, reason: reason.trim(), revise } }));
    case 'publish':
      return unwrap(api.POST('/content/{id}/publish', { params, body: said }));
    case 'unpublish':
      return unwrap(api.POST('/content/{id}/unpublish', { params, body: said }));
  }
}

/** Makes a version with the text of an older one. @throws Problem as {@link decide}. */
export function rollBack(seen: Seen, version: number, reason: string): Promise<Content> {
  const body = { version, reason: reason.trim() };
  return unwrap(api.POST('/content/{id}/rollback', { params: about(seen), body }));
}

/** What an edit changes; what is left out is taken over. */
export interface Edit {
  readonly title?: string;
  readonly body?: string;
  readonly tags?: string[];
  readonly reason?: string;
}

/** Makes a version out of the one that was seen. @throws Problem as {@link decide}. */
export function edit(seen: Seen, body: Edit): Promise<Content> {
  return unwrap(api.PATCH('/content/{id}', { params: about(seen), body }));
}

/** Whether a change was refused because somebody else has changed something before. */
export function isConflict(error: unknown): boolean {
  return error instanceof Problem && (error.status === 412 || error.code === 'wrong_state');
}
