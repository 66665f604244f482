import type { CaseResult, ContenderResult, Values } from '../measures.js';

/** @returns NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** By the nearest rank; NaN of nothing. @param rank from 0 to 100. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? NaN;
}

/** The median of a measure over all rounds; NaN for one that was not taken. */
export function medianOf({ rounds }: ContenderResult, measure: string, of: 'values' | 'cpu' = 'values'): number {
  return median(rounds.map((round) => round[of][measure]).filter((value) => value !== undefined));
}

/**
 * How the first contender of a case compares with another one: the median of the quotients of rounds that ran one after
 * the other, so that a machine which is slow for a while is slow for both.
 */
export function ratio({ contenders }: CaseResult, against: string, measure: string): number {
  const [first] = contenders;
  const other = contenders.find(({ contender }) => contender === against);
  if (first === undefined || other === undefined) return NaN;
  const quotients = first.rounds.map(
    ({ values }, round) => values[measure] / (other.rounds[round]?.values[measure] ?? NaN),
  );
  return median(quotients.filter((quotient) => !Number.isNaN(quotient)));
}

/** Names of all measures of a case, or of all processes whose CPU time was measured, in the order in which they came. */
export function namesIn({ contenders }: CaseResult, of: 'values' | 'cpu'): string[] {
  const all = contenders.flatMap(({ rounds }) =>
    rounds.flatMap((round: Record<typeof of, Values>) => Object.keys(round[of])),
  );
  return [...new Set(all)];
}
