import type { Review } from '../content/content.js';
import { given, oneOf, textOf } from '../ui/search-params.js';

export type Decision = Review['decision'];

export const decisions = ['approved', 'rejected', 'published', 'unpublished'] as const satisfies readonly Decision[];

/** What is in the address of the audit. */
export interface AuditSearch {
  readonly decision?: Decision;
  /** Id of a user. */
  readonly actor?: string;
  /** Id of an item. */
  readonly content?: string;
  /** Days, as `2026-11-22`, in the time of this device; both belong to it. */
  readonly from?: string;
  readonly to?: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes from an address what it can have, and leaves out what is wrong. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return given<AuditSearch>({
    decision: oneOf(decisions, search.decision),
    actor: textOf(search.actor, /^.{1,255}$/),
    content: textOf(search.content, uuid),
    from: day(search.from),
    to: day(search.to),
  });
}

/** Query of `GET /reviews`. */
export function auditQuery({ decision, actor, content, from, to }: AuditSearch) {
  return {
    ...(decision && { decision: [decision] }),
    ...(actor && { actor_id: actor }),
    ...(content && { content_id: content }),
    ...(from && { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to && { to: new Date(`${to}T23:59:59.999`).toISOString() }),
  };
}

/** The day that a text means; undefined for one that is not whole yet, or that no calendar has. */
export function day(value: unknown): string | undefined {
  const text = textOf(value, /^[12]\d{3}-\d\d-\d\d$/);
  return text !== undefined && isOfCalendar(text) ? text : undefined;
}

/** `2026-02-30` is read as a day of March. */
function isOfCalendar(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
