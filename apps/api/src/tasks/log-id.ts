import type { LogPosition } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';

/** A position in the log of all events, as the opaque id of a message of the stream of many tasks. */
export function logId({ origin, from, to, event }: LogPosition): string {
  const place = event === null ? '' : `.${event.jobId}.${event.seq}`;
  return Buffer.from(`${origin}.${from}.${to}${place}`).toString('base64url');
}

const pattern =
  /^([0-9a-f]{8})\.(\d{1,19})\.(\d{1,19})(?:\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9}))?$/;

/**
 * @param code which error it is: the id came in the header or in the query.
 * @throws Problem when the id is not one of ours.
 */
export function readLogId(id: string, code: 'invalid_header' | 'invalid_query'): LogPosition {
  const found = pattern.exec(Buffer.from(id, 'base64url').toString('latin1'));
  if (found !== null) {
    const [, origin, from, to, jobId, seq] = found;
    const event = jobId === undefined ? null : { jobId, seq: Number(seq) };
    const position = { origin, from: BigInt(from), to: BigInt(to), event };
    if (position.from <= position.to && logId(position) === id) return position;
  }
  throw new Problem(code, 'The last event id must be an id that this stream has sent.');
}
