import type { Pace } from '../../pace.js';
import { similarity, type Ranked } from './rank-sentences.js';

/** How much worth counts against being new. */
const worth = 0.72;
/** Sentences that are nearer to each other say the same. */
const same = 0.8;
/** What it adds to go on where a quotation ends. */
const goingOn = 0.06;

interface Entry {
  readonly sentence: Ranked;
  /** To what was taken, 0–1. */
  nearest: number;
  neighbour: boolean;
}

/**
 * The sentences in the order in which they should be taken, best first, none that repeats another (Carbonell and
 * Goldstein's MMR, 1998). Neighbours in a source are preferred: they read better than single sentences.
 */
export async function inOrderOfGain(ranked: readonly Ranked[], mostWords: number, pace: Pace): Promise<Ranked[]> {
  const chosen: Ranked[] = [];
  const left = new Set<Entry>(ranked.map((sentence) => ({ sentence, nearest: 0, neighbour: false })));
  for (let words = 0; words < mostWords && left.size > 0;) {
    await pace();
    const best = [...left].reduce((most, entry) => (gainOf(entry) > gainOf(most) ? entry : most));
    left.delete(best);
    if (best.nearest >= same) continue;
    const { sentence } = best;
    chosen.push(sentence);
    words += sentence.words;
    for (const entry of left) {
      entry.nearest = Math.max(entry.nearest, similarity(entry.sentence.vector, sentence.vector));
      entry.neighbour ||= areNeighbours(sentence, entry.sentence) || areNeighbours(entry.sentence, sentence);
    }
  }
  return chosen;
}

/** Whether the second one follows the first in their source. */
export function areNeighbours(
  first: Pick<Ranked, 'source' | 'last'>,
  second: Pick<Ranked, 'source' | 'position'>,
): boolean {
  return first.source === second.source && first.last + 1 === second.position;
}

function gainOf({ sentence, nearest, neighbour }: Entry): number {
  return worth * sentence.score - (1 - worth) * nearest + (neighbour ? goingOn : 0);
}
