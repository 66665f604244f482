import { Problem } from '../problems/problem.js';

/** A moment as the opaque id of a message of the stream of many tasks. */
export function watermarkOf(at: Date): string {
  return Buffer.from(`t:${at.getTime()}`).toString('base64url');
}

/**
 * @param code which error it is: the id came in the header or in the query.
 * @throws Problem when the id is not one of ours.
 */
export function readWatermark(id: string, code: 'invalid_header' | 'invalid_query'): Date {
  const time = /^t:(\d{1,15})$/.exec(Buffer.from(id, 'base64url').toString('latin1'))?.[1];
  const at = new Date(Number(time));
  if (time === undefined || watermarkOf(at) !== id) {
    throw new Problem(code, 'The last event id must be an id that this stream has sent.');
  }
  return at;
}
