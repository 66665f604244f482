import type { Candidate } from './sentence-pool.js';

/** Weight by term, with length 1. */
type Vector = ReadonlyMap<string, number>;

export interface Ranked extends Candidate {
  readonly vector: Vector;
  /** 0–1: how much it is worth to quote it. */
  readonly score: number;
}

/** Sentences that are compared with each other; the rest matter too little. */
const mostCompared = 400;
/** How much a heading counts against the sentence itself. */
const contextWorth = 0.5;
/** What is left of the worth of settings and code. */
const technicalWorth = 0.7;
const damping = 0.85;
const rounds = 30;
/** Sentences that have less in common are no neighbours. */
const fewestInCommon = 0.08;

/**
 * The sentences by their worth: TextRank (Mihalcea and Tarau, 2004) over TF-IDF vectors, drawn towards what the text
 * is to be about.
 * @param focus weight by term.
 */
export function rankSentences(candidates: readonly Candidate[], focus: ReadonlyMap<string, number>): Ranked[] {
  const rarity = rarityOf(candidates);
  const wanted = unit(new Map([...focus].map(([term, weight]) => [term, weight * (rarity.get(term) ?? 1)])));
  const near = candidates
    .map((candidate) => ({ ...candidate, vector: vectorOf(candidate.terms, rarity) }))
    .map((candidate) => ({ ...candidate, nearness: nearnessOf(candidate, wanted, rarity) }))
    // Ties go by place, so that the same material always gives the same order.
    .sort((a, b) => b.nearness - a.nearness || a.source - b.source || a.position - b.position)
    .slice(0, mostCompared);
  const ranks = textRank(near);
  const most = {
    rank: Math.max(...ranks, Number.MIN_VALUE),
    nearness: Math.max(near[0]?.nearness ?? 0, Number.MIN_VALUE),
  };
  return near
    .map(({ nearness, ...candidate }, index) => {
      const early = 1 / Math.sqrt(candidate.position);
      return {
        ...candidate,
        score:
          (0.55 * (nearness / most.nearness) + 0.35 * (ranks[index] / most.rank) + 0.1 * early) *
          (candidate.technical ? technicalWorth : 1),
      };
    })
    .sort((a, b) => b.score - a.score || a.source - b.source || a.position - b.position);
}

/** How near a sentence is to what is wanted; what it comes under counts too. */
function nearnessOf(
  { vector, context }: Candidate & { readonly vector: Vector },
  wanted: Vector,
  rarity: Vector,
): number {
  return similarity(vector, wanted) + contextWorth * similarity(vectorOf(context, rarity), wanted);
}

/** Cosine, 0–1. */
export function similarity(a: Vector, b: Vector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return sum;
}

function rarityOf(candidates: readonly Candidate[]): Map<string, number> {
  const sentences = new Map<string, number>();
  for (const { terms } of candidates) {
    for (const term of new Set(terms)) sentences.set(term, (sentences.get(term) ?? 0) + 1);
  }
  return new Map([...sentences].map(([term, count]) => [term, Math.log(1 + candidates.length / count)]));
}

function vectorOf(terms: readonly string[], rarity: ReadonlyMap<string, number>): Vector {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return unit(new Map([...counts].map(([term, count]) => [term, (1 + Math.log(count)) * (rarity.get(term) ?? 0)])));
}

function unit(vector: Vector): Vector {
  const length = Math.sqrt([...vector.values()].reduce((sum, weight) => sum + weight * weight, 0)) || 1;
  return new Map([...vector].map(([term, weight]) => [term, weight / length]));
}

function textRank(sentences: readonly { readonly vector: Vector }[]): number[] {
  const links = sentences.map(() => [] as { to: number; weight: number }[]);
  for (let a = 0; a < sentences.length; a += 1) {
    for (let b = a + 1; b < sentences.length; b += 1) {
      const weight = similarity(sentences[a].vector, sentences[b].vector);
      if (weight < fewestInCommon) continue;
      links[a].push({ to: b, weight });
      links[b].push({ to: a, weight });
    }
  }
  const sums = links.map((ends) => ends.reduce((sum, { weight }) => sum + weight, 0));
  let ranks = sentences.map(() => 1);
  for (let round = 0; round < rounds; round += 1) {
    ranks = links.map(
      (ends) => 1 - damping + damping * ends.reduce((sum, { to, weight }) => sum + (weight / sums[to]) * ranks[to], 0),
    );
  }
  return ranks;
}
