import { createHash } from 'node:crypto';
import { Problem } from '../problems/problem.js';

const quoted = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
const bare = /^(?!")[\x21-\x7e]+$/;
const maxLength = 255;

/**
 * Reads Idempotency-Key, a quoted string or a bare token; both forms of one key are the same key.
 * @throws Problem `invalid_header` unless it is 1–255 visible ASCII characters.
 */
export function parseIdempotencyKey(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  const text = [header].flat().join(', ');
  const inner = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = inner ?? (bare.test(text) ? text : '');
  if (key === '' || key.length > maxLength) {
    throw new Problem(
      'invalid_header',
      `Idempotency-Key must be 1–${maxLength} visible ASCII characters, quoted or bare.`,
    );
  }
  return key;
}

/** Hash of a body by which a repeated request is recognised: the order of keys does not count. */
export function hashOfBody(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('base64url');
}

/** The nesting has been bounded before (json-hygiene.ts). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
