import { UnknownClaims } from './unknown-claims.js';

describe('claims without an answer', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are looked for until they can no longer be on their way, and then once more', () => {
    const claims = new UnknownClaims();
    claims.add('a');
    expect(claims.take()).toEqual(['a']);
    jest.advanceTimersByTime(14_000);
    claims.add('b');
    expect(claims.take()).toEqual(['a', 'b']);
    jest.advanceTimersByTime(2_000);
    // The last look at the first one; the other may still be committed.
    expect(claims.take()).toEqual(['a', 'b']);
    expect(claims.take()).toEqual(['b']);
  });

  it('keep their time when the look for them fails', () => {
    const claims = new UnknownClaims();
    claims.add('a');
    jest.advanceTimersByTime(16_000);
    expect(claims.take()).toEqual(['a']);
    claims.add('a');
    expect(claims.take()).toEqual(['a']);
    expect(claims.take()).toEqual(['a']);
  });
});
