import { Problem } from '../problems/problem.js';

const inside = /^before:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The opaque cursor of the page that begins below this id. */
export function cursorBefore(id: string): string {
  return Buffer.from(`before:${id}`).toString('base64url');
}

/** @throws Problem `invalid_cursor` when it is not one of ours. */
export function readCursor(cursor: string): string {
  const id = inside.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  // Only the one spelling that we give out: base64url decoders overlook a lot.
  if (id === undefined || cursorBefore(id) !== cursor) throw new Problem('invalid_cursor');
  return id;
}

/** Value of the Link header that leads to the next page of a list. @param query what this page was asked for with. */
export function nextLink(path: string, query: object, cursor: string): string {
  const { cursor: _cursor, skip: _skip, ...rest } = query as Record<string, string | number | string[]>;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) parameters.set(name, String(value));
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
