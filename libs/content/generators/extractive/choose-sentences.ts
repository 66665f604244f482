import { similarity, type Ranked } from './rank-sentences.js';

/** How much worth counts against being new. */
const worth = 0.72;
/** Sentences that are nearer to each other say the same. */
const same = 0.8;

/** The sentences in the order in which they should be taken, best first, none that repeats another (Carbonell and Goldstein's MMR, 1998). */
export function inOrderOfGain(ranked: readonly Ranked[], mostWords: number): Ranked[] {
  const chosen: Ranked[] = [];
  const left = ranked.map((sentence) => ({ sentence, nearest: 0 }));
  for (let words = 0; words < mostWords;) {
    let best: (typeof left)[number] | null = null;
    for (const entry of left) if (best === null || gainOf(entry) > gainOf(best)) best = entry;
    if (best === null) break;
    left.splice(left.indexOf(best), 1);
    if (best.nearest >= same) continue;
    const { sentence } = best;
    chosen.push(sentence);
    words += sentence.words;
    for (const entry of left)
      entry.nearest = Math.max(entry.nearest, similarity(entry.sentence.vector, sentence.vector));
  }
  return chosen;
}

function gainOf({ sentence, nearest }: { readonly sentence: Ranked; readonly nearest: number }): number {
  return worth * sentence.score - (1 - worth) * nearest;
}
