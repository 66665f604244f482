/**
 * JSON text that PostgreSQL takes as jsonb: NUL and lone surrogates, which jsonb refuses, become U+FFFD. Anything that
 * is no JSON value (undefined, functions) becomes null.
 */
export function toJsonb(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'null';
  // JSON.stringify writes both as escapes; an escaped backslash before them is matched first, and kept.
  return text.replace(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (match) => (match === '\\\\' ? match : '\\ufffd'));
}

/** Text that PostgreSQL takes: no NUL, no lone surrogates, at most `limit` characters. */
export function toStorableText(text: string, limit: number): string {
  return text.slice(0, limit).replaceAll('\u0000', '\uFFFD').toWellFormed();
}
