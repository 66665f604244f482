import { fullJitterBackoff } from './backoff.js';

describe('full-jitter backoff', () => {
  const limits = { baseMs: 100, capMs: 5_000 };

  it.each([
    [1, 100],
    [2, 200],
    [5, 1_600],
    [7, 5_000],
    [1_000, 5_000],
  ])('attempt %i waits less than %i ms', (attempt, ceiling) => {
    expect(fullJitterBackoff(attempt, limits, () => 0)).toBe(0);
    expect(fullJitterBackoff(attempt, limits, () => 0.5)).toBe(ceiling / 2);
    expect(fullJitterBackoff(attempt, limits, () => 0.999_999)).toBeLessThan(ceiling);
  });
});
