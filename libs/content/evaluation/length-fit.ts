import { scaled, type TextView, type Verdict } from './text-view.js';

/** Deviation from the wanted length that costs nothing. */
export const lengthTolerance = 0.15;

/** How near the text comes to the wanted length. */
export function lengthFit({ words, brief }: TextView): Verdict {
  const deviation = Math.abs(words - brief.targetLength) / brief.targetLength;
  return {
    score: scaled(deviation, [lengthTolerance, 100], [0.9, 0]),
    reason: `The text has ${words} words; ${brief.targetLength} are wanted.`,
  };
}
