import type { ContentVersionEntity } from './content-version.entity.js';

/** What somebody who asks for a change has seen of a version. */
export interface SeenVersion {
  readonly number: number;
  /** Of the hash, {@link shownHashLength} digits at least. */
  readonly hashStart: string;
  readonly state: string;
}

/** Digits of a version's hash that its tag shows. */
export const shownHashLength = 16;

/** Whether a version has the text that was seen: what a decision is bound to. */
export function hasSeenText(
  { number, hash }: Pick<ContentVersionEntity, 'number' | 'hash'>,
  seen: SeenVersion,
): boolean {
  return number === seen.number && seen.hashStart.length >= shownHashLength && hash.startsWith(seen.hashStart);
}
