import type { PostPosition, SearchPosition } from '@longhaul/content';
import { Problem } from '../problems/problem.js';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const afterPost = new RegExp(`^p:(-?\\d{1,17}):(${uuid})$`);
const afterResult = new RegExp(`^s:([ft]):(\\d(?:\\.\\d{1,12})?(?:e-?\\d{1,2})?):(${uuid})$`);

/** The opaque cursor of the page behind this position. */
export function cursorOf(position: PostPosition | SearchPosition): string {
  const text =
    'at' in position
      ? `p:${position.at}:${position.itemId}`
      : `s:${position.byText ? 't' : 'f'}:${position.rank}:${position.itemId}`;
  return Buffer.from(text).toString('base64url');
}

/** @throws Problem `invalid_cursor` when it is none of ours. */
export function postPosition(cursor: string | undefined): PostPosition | undefined {
  if (cursor === undefined) return undefined;
  const [, at = '', itemId = ''] = inside(cursor, afterPost);
  return { at, itemId };
}

/** @throws Problem `invalid_cursor` when it is none of ours. */
export function searchPosition(cursor: string | undefined): SearchPosition | undefined {
  if (cursor === undefined) return undefined;
  const [, mode, rank = '', itemId = ''] = inside(cursor, afterResult);
  if (!isReal(rank)) throw new Problem('invalid_cursor');
  return { byText: mode === 't', rank, itemId };
}

/** Whether PostgreSQL's `real` can hold it: neither too large, nor so small that nothing is left of it. */
function isReal(rank: string): boolean {
  const nearest = Math.fround(Number(rank));
  return Number.isFinite(nearest) && (nearest !== 0 || Number(rank) === 0);
}

function inside(cursor: string, pattern: RegExp): RegExpExecArray {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const found = pattern.exec(text);
  // Only the one spelling that we give out: base64url decoders overlook a lot.
  if (found === null || Buffer.from(text).toString('base64url') !== cursor) throw new Problem('invalid_cursor');
  return found;
}
