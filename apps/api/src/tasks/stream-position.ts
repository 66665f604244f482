import { Problem } from '../problems/problem.js';

const newestPossible = 2_147_483_647;

/** Where the client of one task's stream has got to. */
export interface StreamPosition {
  /** Only events with a greater number are sent; null: a fresh connect, which gets a snapshot. */
  readonly after: number | null;
}

/**
 * Reads the position from `Last-Event-ID`, else `?last_event_id=`, else `?from=`. An empty id is none, as EventSource
 * has it.
 * @throws Problem `invalid_header` or `invalid_query` when an id is no number.
 */
export function streamPosition(
  header: string | readonly string[] | undefined,
  query: { last_event_id?: string; from?: number },
): StreamPosition {
  const fromHeader = [header ?? ''].flat().join(',');
  if (fromHeader !== '') return { after: seqOf(fromHeader, 'invalid_header') };
  if (query.last_event_id) return { after: seqOf(query.last_event_id, 'invalid_query') };
  return { after: query.from === undefined ? null : Math.min(query.from, newestPossible) };
}

function seqOf(text: string, code: 'invalid_header' | 'invalid_query'): number {
  if (!/^\d{1,15}$/.test(text)) throw new Problem(code, 'The last event id must be the id of an event.');
  return Math.min(Number(text), newestPossible);
}
