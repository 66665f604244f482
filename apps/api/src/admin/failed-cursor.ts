import type { FailedPosition } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';

const inside = /^failed:(\d{1,16}):([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The opaque cursor of the page that begins behind this failure. */
export function cursorAfter({ at, key }: FailedPosition): string {
  return Buffer.from(`failed:${at}:${key}`).toString('base64url');
}

/**
 * @param of whether it must be of the list of groups or of the list of one group's tasks.
 * @throws Problem `invalid_cursor` when it is not one of ours.
 */
export function readFailedCursor(cursor: string, of: 'groups' | 'tasks'): FailedPosition {
  const [, at, key] = inside.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (at === undefined || key.includes('-') !== (of === 'tasks')) throw new Problem('invalid_cursor');
  const position = { at: BigInt(at), key };
  // Only the one spelling that we give out: base64url decoders overlook a lot.
  if (cursorAfter(position) !== cursor) throw new Problem('invalid_cursor');
  return position;
}
