import type { Schema } from './api-description.js';

/** A value that something may choke on, with a name for reports. */
export interface BadValue {
  readonly name: string;
  readonly value: unknown;
}

const deep = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { a: value } : [value];
  return value;
};

/** Whatever the schema says. */
const always: readonly BadValue[] = [
  { name: 'null', value: null },
  { name: 'true', value: true },
  { name: 'number', value: 42 },
  { name: 'fraction', value: 1.5 },
  { name: 'huge number', value: 1e300 },
  { name: 'beyond 2^53', value: 9_007_199_254_740_993 },
  { name: 'negative', value: -1 },
  { name: 'empty text', value: '' },
  { name: 'text', value: 'text' },
  { name: 'digits as text', value: '5' },
  { name: 'NUL', value: 'a\0b' },
  { name: 'lone surrogate', value: 'a\ud800b' },
  { name: 'quote and SQL', value: `'; DROP TABLE jobs; --` },
  { name: 'markup', value: '<script>alert(1)</script>' },
  { name: 'format text', value: '%s %n ${7*7} {{7*7}}' },
  { name: 'emoji and bidi', value: '👩‍👩‍👧‍👦\u202e\ufeff' },
  { name: 'long text', value: 'x'.repeat(70_000) },
  { name: 'array', value: [] },
  { name: 'array of arrays', value: [[[]], {}] },
  { name: 'object', value: {} },
  { name: 'operator', value: { $gt: '' } },
  {
    name: 'prototype keys',
    value: { constructor: { prototype: { polluted: true } }, toString: 1, hasOwnProperty: null },
  },
  { name: 'own __proto__', value: JSON.parse('{"__proto__":{"polluted":true}}') },
  { name: 'nested 31', value: deep(31) },
  { name: 'nested 40', value: deep(40) },
  { name: 'nested 1,000', value: deep(1_000) },
  { name: 'many keys', value: Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index])) },
  { name: 'NUL in a key', value: { 'a\0b': 1 } },
];

/** Values at and beyond the borders of the schema, and of other types. */
export function badValuesFor(schema: Schema): BadValue[] {
  const borders: BadValue[] = [];
  const add = (name: string, value: unknown) => borders.push({ name, value });
  const { minimum, maximum, minLength, maxLength } = schema;
  if (minimum !== undefined) [-1, 0, 1].forEach((off) => add(`minimum${off}`, minimum + off));
  if (maximum !== undefined) [-1, 0, 1].forEach((off) => add(`maximum${off}`, maximum + off));
  if (minLength !== undefined && minLength > 0) add('too short', 'x'.repeat(minLength - 1));
  if (maxLength !== undefined) [0, 1].forEach((off) => add(`longest${off}`, 'x'.repeat(maxLength + off)));
  if (schema.format === 'date-time') times.forEach((time) => add(`time ${time}`, time));
  if (schema.pattern?.includes('http')) urls.forEach((url) => add(`url ${url.slice(0, 40)}`, url));
  return [...always, ...borders];
}

const times = [
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:60Z',
  '+275760-09-13T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '1e3',
  'now',
  'infinity',
];

const urls = [
  'https://',
  'http://[::1',
  'http://a b/',
  'http://\u0000/',
  'HTTP://EXAMPLE.COM:99999/',
  'https://xn--/',
  'https://user:pass@example.com/',
  `https://example.com/${'a'.repeat(2_100)}`,
  'https://%zz/',
  'https://example.com:0/',
  'https://\u202eexample.com/',
];

/** Texts for paths, queries and headers. */
export const badTexts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '10abc',
  '99999999999999999999999',
  '١٢',
  'null',
  'undefined',
  'true',
  '[object Object]',
  'a\0b',
  '\ud800',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '..\\..\\',
  '%',
  '%00',
  '%25',
  'a,b,,c',
  ',',
  'PENDING,',
  'pending',
  '__proto__',
  'constructor',
  '{}',
  '[]',
  '*',
  '"',
  '"\\"',
  '\u202e\ufeff',
  '2026-13-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  'wait=1, wait=0',
  'wait=-1',
  'wait=a; respond-async',
  'W/"1", "2"',
  'x'.repeat(300),
  'x'.repeat(6_000),
];
