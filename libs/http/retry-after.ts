const longestWait = 24 * 3600 * 1000;

/**
 * Reads a `Retry-After` header, as seconds or as a date.
 * @param now the present, in milliseconds since 1970.
 * @returns milliseconds, a day at most, or null if it cannot be read.
 */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), longestWait);
}
