import { etagOf, knowsEvent, matchesEtag } from './etag.js';
import { hashOfBody, parseIdempotencyKey } from './idempotency-key.js';
import { parsePrefer, preferenceApplied } from './prefer.js';
import { streamPosition } from './stream-position.js';

const invalid = expect.objectContaining({ code: 'invalid_header' }) as Error;

describe('If-None-Match', () => {
  it('matches lists, weak tags and *', () => {
    const etag = etagOf({ lastSeq: 7 }, null);
    for (const header of ['"7"', 'W/"7"', '"1", W/"7" ,"x"', '*']) expect(matchesEtag(header, etag)).toBe(true);
    for (const header of [undefined, '"8"', '"1","77"', '""']) expect(matchesEtag(header, etag)).toBe(false);
  });

  it('tells a task at another place in line from this one, but knows that nothing has happened to it', () => {
    const queues = [
      { position: 3, estimated_wait_seconds: 40 },
      { position: 3, estimated_wait_seconds: null },
      { position: null, estimated_wait_seconds: null },
      null,
    ];
    const tags = queues.map((queue) => etagOf({ lastSeq: 7 }, queue));
    expect(tags).toEqual(['"7-3-40"', '"7-3-"', '"7--"', '"7"']);
    for (const tag of tags) {
      expect(tags.filter((other) => matchesEtag(tag, other))).toEqual([tag]);
      expect(knowsEvent(`"x", W/${tag}`, { lastSeq: 7 })).toBe(true);
      expect(knowsEvent(tag, { lastSeq: 77 })).toBe(false);
    }
    for (const header of [undefined, '"77-3-40"', '"7x"', '"3-7-7"'])
      expect(knowsEvent(header, { lastSeq: 7 })).toBe(false);
    expect(knowsEvent('*', { lastSeq: 7 })).toBe(true);
  });

  it('is refused when it is no list of entity tags', () => {
    for (const header of ['7', '"7', '"7" "8"', '*, "7"', ''])
      expect(() => matchesEtag(header, '"7"')).toThrow(invalid);
  });
});

describe('Prefer', () => {
  it('reads wait and respond-async among others, shortens long waits, and says what was applied', () => {
    expect(parsePrefer(undefined)).toEqual({ waitSeconds: null, respondAsync: false });
    expect(parsePrefer('respond-async, wait=10')).toEqual({ waitSeconds: 10, respondAsync: true });
    expect(parsePrefer('handling=lenient; x=1, WAIT="3", wait=4').waitSeconds).toBe(3);
    expect(parsePrefer('wait=100').waitSeconds).toBe(25);
    expect(preferenceApplied(parsePrefer('wait=100, respond-async'))).toBe('respond-async, wait=25');
    expect(preferenceApplied(parsePrefer('return=minimal'))).toBeNull();
  });

  it('refuses a wait that is no number', () => {
    for (const header of ['wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=x'])
      expect(() => parsePrefer(header)).toThrow(invalid);
  });
});

describe('Idempotency-Key', () => {
  it('is the same key quoted and bare', () => {
    expect(parseIdempotencyKey('"k-1"')).toBe('k-1');
    expect(parseIdempotencyKey('k-1')).toBe('k-1');
    expect(parseIdempotencyKey(String.raw`"a\"b"`)).toBe('a"b');
    expect(parseIdempotencyKey(undefined)).toBeNull();
    expect(parseIdempotencyKey('a'.repeat(255))).toHaveLength(255);
  });

  it('is refused when empty, too long, or not visible ASCII', () => {
    for (const header of ['', '""', 'a b', '"a b"', '"a', 'ä', 'a'.repeat(256)]) {
      expect(() => parseIdempotencyKey(header)).toThrow(invalid);
    }
  });

  it('is compared by a body in which the order of keys does not count', () => {
    expect(hashOfBody({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOfBody({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(hashOfBody({ a: [1, 2] })).not.toBe(hashOfBody({ a: [2, 1] }));
    expect(hashOfBody({ a: '1' })).not.toBe(hashOfBody({ a: 1 }));
  });
});

describe('position of a stream', () => {
  it('is taken from the header, then last_event_id, then from', () => {
    expect(streamPosition('7', { last_event_id: '6', from: 5 })).toEqual({ after: 7 });
    expect(streamPosition('', { last_event_id: '6', from: 5 })).toEqual({ after: 6 });
    expect(streamPosition(undefined, { from: 0 })).toEqual({ after: 0 });
    expect(streamPosition(undefined, {})).toEqual({ after: null });
  });

  it('refuses ids that are no numbers and bounds large ones', () => {
    expect(() => streamPosition('abc', {})).toThrow(invalid);
    expect(() => streamPosition(undefined, { last_event_id: '-1' })).toThrow(
      expect.objectContaining({ code: 'invalid_query' }),
    );
    expect(streamPosition('999999999999999', {})).toEqual({ after: 2_147_483_647 });
  });
});
