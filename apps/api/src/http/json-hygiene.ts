import { Problem, type FieldError } from '../problems/problem.js';

const maxDepth = 32;
const maxKeys = 1_000;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Checks what no schema can: nesting, number of keys, characters that PostgreSQL cannot store. Iterative, so that deep
 * nesting cannot exhaust the stack. Use it before any other walk over client JSON.
 * @throws Problem `malformed_json` for a key named `__proto__`; `validation_failed` for the rest.
 */
export function checkJsonHygiene(root: unknown): void {
  let keys = 0;
  const errors: FieldError[] = [];
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) errors.push({ pointer, detail: 'contains a NUL character or a lone surrogate' });
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= maxDepth) throw refused('', `is nested deeper than ${maxDepth} levels`);
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) keys += 1;
      if (keys > maxKeys) throw refused('', `has more than ${maxKeys} keys`);
      if (key === '__proto__') throw new Problem('malformed_json', 'A key is named __proto__.');
      if (!isStorable(key)) throw refused(pointer, 'has a key with a NUL character or a lone surrogate');
      open.push({ value: inner, pointer: `${pointer}/${escapePointer(key)}`, depth: depth + 1 });
    }
  }
  if (errors.length > 0)
    throw new Problem('validation_failed', 'The body holds characters that cannot be stored.', { errors });
}

/** Whether PostgreSQL can store the text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !loneSurrogate.test(text);
}

/** One step of a JSON pointer (RFC 6901); long keys are cut, because answers repeat them. */
export function escapePointer(key: string): string {
  return key.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}

function refused(pointer: string, detail: string): Problem {
  return new Problem('validation_failed', `The body ${detail}.`, { errors: [{ pointer, detail }] });
}
