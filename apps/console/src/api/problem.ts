import { texts } from '../texts.js';
import type { components } from './schema.js';

export type ProblemDocument = components['schemas']['ProblemDto'];

/** A call that the api refused, with its problem document. */
export class Problem extends Error {
  readonly status: number;
  /** Word of the table in docs/reference/errors.md; `unknown` for an answer that is no problem document. */
  readonly code: string;
  readonly document: Partial<ProblemDocument>;

  constructor(status: number, document: Partial<ProblemDocument>) {
    super(document.detail ?? document.title ?? texts.problem.unknown(status));
    this.name = 'Problem';
    this.status = status;
    this.code = document.code ?? 'unknown';
    this.document = document;
  }
}

/** No answer came: the network, a proxy or the api is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super(texts.problem.unreachable, { cause });
    this.name = 'Unreachable';
  }
}

/** @param body what the answer held: a problem document, or whatever a proxy sends. */
export function problemOf(status: number, body: unknown): Problem {
  const isDocument = typeof body === 'object' && body !== null && 'code' in body;
  return new Problem(status, isDocument ? (body as Partial<ProblemDocument>) : {});
}

/** What to tell people. */
export function describe(error: unknown): { title: string; detail: string | null; requestId: string | null } {
  if (error instanceof Unreachable)
    return { title: error.message, detail: texts.problem.unreachableText, requestId: null };
  if (!(error instanceof Problem)) return { title: String(error), detail: null, requestId: null };
  const { title, detail, request_id: requestId } = error.document;
  return { title: title ?? error.message, detail: detail ?? null, requestId: requestId ?? null };
}
