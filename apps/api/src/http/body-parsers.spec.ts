import { parseForm, parseJson } from './body-parsers.js';

describe('parseJson', () => {
  it('reads UTF-8 with and without a byte order mark, and nothing as undefined', () => {
    expect(parseJson(Buffer.from('{"a":"ä"}'))).toEqual({ a: 'ä' });
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
    expect(parseJson(Buffer.alloc(0))).toBeUndefined();
  });

  it('refuses broken JSON and broken UTF-8', () => {
    expect(() => parseJson(Buffer.from('{'))).toThrow(expect.objectContaining({ code: 'malformed_json' }));
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ code: 'malformed_json' }),
    );
  });
});

describe('parseForm', () => {
  it('reads a form, and refuses repeated fields', () => {
    expect(parseForm('username=a%20b&password=c%2Bd')).toEqual({ username: 'a b', password: 'c+d' });
    expect(() => parseForm('a=1&a=2')).toThrow(expect.objectContaining({ code: 'malformed_request' }));
  });
});
