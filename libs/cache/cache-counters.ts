import { tierNames, type Tier } from './tiers.js';

/** How a tier has been doing since its process started. */
export interface CacheCounts {
  /** Answered from memory or Redis, or by what another call was loading already. */
  hits: number;
  /** Asked of the source. */
  misses: number;
  /** Answered with what was fresh once, since the source failed or was slow. */
  stale: number;
  /** Commands that Redis refused or did not answer in time. */
  errors: number;
}

/** Counts of one process, by tier. */
export class CacheCounters {
  private readonly counts = new Map(
    tierNames.map((tier): [Tier, CacheCounts] => [tier, { hits: 0, misses: 0, stale: 0, errors: 0 }]),
  );

  add(tier: Tier, what: keyof CacheCounts): void {
    const counts = this.counts.get(tier);
    if (counts !== undefined) counts[what] += 1;
  }

  /** A copy of the counts of every tier, in the order of the tiers. */
  read(): ReadonlyMap<Tier, Readonly<CacheCounts>> {
    return new Map([...this.counts].map(([tier, counts]) => [tier, { ...counts }]));
  }
}
