import { toJsonb, toStorableText } from './jsonb.js';

describe('JSON for PostgreSQL', () => {
  it('replaces NUL and lone surrogates, in keys too, and keeps escaped text that looks like them', () => {
    const value = { 'k\u0000': ['\ud800', '\\u0000', 'ok 😀', '\\\\ud800'] };
    expect(JSON.parse(toJsonb(value))).toEqual({ 'k\ufffd': ['\ufffd', '\\u0000', 'ok 😀', '\\\\ud800'] });
  });

  it('takes what is no JSON value as null', () => {
    expect(toJsonb(undefined)).toBe('null');
  });

  it('cuts and mends text', () => {
    expect(toStorableText('a\u0000😀', 3)).toBe('a\ufffd\ufffd');
  });
});
