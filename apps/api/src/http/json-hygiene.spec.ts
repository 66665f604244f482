import { Problem } from '../problems/problem.js';
import { checkJsonHygiene } from './json-hygiene.js';

const codeOf = (value: unknown): string => {
  try {
    checkJsonHygiene(value);
    return 'fine';
  } catch (error) {
    return (error as Problem).code;
  }
};
const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

describe('checkJsonHygiene', () => {
  it('lets ordinary bodies through, pairs of surrogates included', () => {
    expect(codeOf({ a: ['x', 1, null, true, { 'ключ 😀': '😀' }] })).toBe('fine');
  });

  it('refuses NUL characters and lone surrogates in values and keys', () => {
    for (const text of ['\0', 'a\ud800', '\udc00b']) {
      expect(codeOf({ a: [text] })).toBe('validation_failed');
      expect(codeOf({ [text]: 1 })).toBe('validation_failed');
    }
  });

  it('refuses what is nested deeper than 32 levels, however deep', () => {
    expect(codeOf(nested(32))).toBe('fine');
    expect(codeOf(nested(33))).toBe('validation_failed');
    expect(codeOf(nested(200_000))).toBe('validation_failed');
  });

  it('refuses more than 1,000 keys', () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    expect(codeOf(keys(1_000))).toBe('fine');
    expect(codeOf({ metadata: keys(1_000) })).toBe('validation_failed');
  });

  it('refuses a key named __proto__ as malformed', () => {
    expect(codeOf(JSON.parse('{"a":{"__proto__":1}}'))).toBe('malformed_json');
  });

  it('names the place by a JSON pointer', () => {
    expect.assertions(1);
    try {
      checkJsonHygiene({ 'a/b': { '~': ['fine', '\0'] } });
    } catch (error) {
      expect((error as Problem).errors?.[0]?.pointer).toBe('/a~1b/~0/1');
    }
  });
});
