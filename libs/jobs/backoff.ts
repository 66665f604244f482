/**
 * Wait before the next attempt, in milliseconds: "full jitter", a uniformly random part of a ceiling that doubles with
 * every attempt (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempt number of the attempt that failed, from 1.
 * @param random uniformly distributed in [0, 1).
 */
export function fullJitterBackoff(
  attempt: number,
  limits: { readonly baseMs: number; readonly capMs: number },
  random: () => number = Math.random,
): number {
  // Beyond 2^30 the cap decides anyway, and the power must stay a finite number.
  const ceiling = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.floor(random() * ceiling);
}
