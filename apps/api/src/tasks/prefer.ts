import { Problem } from '../problems/problem.js';

/** Longest wait, in seconds: gateways cut requests from 30 s on. */
export const maxWaitSeconds = 25;

/** What Prefer (RFC 7240) asks for, as far as it is honoured. */
export interface Preferences {
  /** Null: no wait asked for. Longer waits than {@link maxWaitSeconds} are shortened to it. */
  readonly waitSeconds: number | null;
  readonly respondAsync: boolean;
}

/**
 * Reads Prefer; unknown preferences are ignored, the first of equal ones counts.
 * @throws Problem `invalid_header` when `wait` is no whole number of seconds.
 */
export function parsePrefer(header: string | readonly string[] | undefined): Preferences {
  const given = new Map<string, string>();
  for (const part of [header ?? []].flat().join(',').split(',')) {
    const [name = '', value = ''] = (part.split(';', 1)[0] ?? '').split('=', 2).map((word) => word.trim());
    const key = name.toLowerCase();
    if (key !== '' && !given.has(key)) given.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  const wait = given.get('wait');
  if (wait !== undefined && !/^\d{1,9}$/.test(wait)) {
    throw new Problem('invalid_header', 'Prefer: wait must be a whole number of seconds.');
  }
  return {
    waitSeconds: wait === undefined ? null : Math.min(Number(wait), maxWaitSeconds),
    respondAsync: given.has('respond-async'),
  };
}

/** Value of Preference-Applied, or null when nothing was asked for. */
export function preferenceApplied({ waitSeconds, respondAsync }: Preferences): string | null {
  const applied = [
    ...(respondAsync ? ['respond-async'] : []),
    ...(waitSeconds === null ? [] : [`wait=${waitSeconds}`]),
  ];
  return applied.length > 0 ? applied.join(', ') : null;
}
