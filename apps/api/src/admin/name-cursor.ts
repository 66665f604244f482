import { Problem } from '../problems/problem.js';

/** The opaque cursor of the page that begins behind this name or number. */
export function cursorBehind(list: 'user' | 'action', place: string): string {
  return Buffer.from(`${list}:${place}`).toString('base64url');
}

/** @throws Problem `invalid_cursor` when it is not one of ours, of this list. */
export function placeOfCursor(list: 'user' | 'action', cursor: string): string {
  const inside = Buffer.from(cursor, 'base64url').toString('latin1');
  const place = inside.slice(list.length + 1);
  const fits = list === 'user' ? /^[a-z0-9][a-z0-9._@-]{0,63}$/.test(place) : /^[1-9]\d{0,14}$/.test(place);
  // Only the one spelling that we give out: base64url decoders overlook a lot.
  if (!fits || cursorBehind(list, place) !== cursor) throw new Problem('invalid_cursor');
  return place;
}
