import type { Ranked } from './rank-sentences.js';
import type { Candidate } from './sentence-pool.js';

/** Sentences under a heading; null: those that go under none of their own. */
export interface Section {
  readonly heading: string | null;
  readonly sentences: readonly Candidate[];
}

/** Sentences, or words, that make a section. */
const fewest = { sentences: 2, words: 30 };
/** Sentences by which sections are compared. */
const best = 3;

/**
 * The sentences of those parts of the sources that say most about the subject: an article on a few things says more than
 * one sentence on each of many. Each source comes in with its best part first.
 * @param ranked best first.
 * @param mostWords when the parts have less, further ones are taken.
 */
export function fromBestParts(ranked: readonly Ranked[], mostParts: number, mostWords: number): Ranked[] {
  const parts = [...Map.groupBy(ranked, (sentence) => sentence.heading ?? sentence.source).values()];
  const byWorth = parts.sort((a, b) => worthOf(b) - worthOf(a));
  const sources = new Set<number>();
  const firsts = byWorth.filter(([{ source }]) => !sources.has(source) && sources.add(source));
  const inOrder = [...firsts, ...byWorth.filter((part) => !firsts.includes(part))];
  const taken: Ranked[] = [];
  let words = 0;
  for (const [index, part] of inOrder.entries()) {
    if (index >= mostParts && words >= mostWords) break;
    taken.push(...part);
    words += part.reduce((sum, sentence) => sum + sentence.words, 0);
  }
  return ranked.filter((sentence) => taken.includes(sentence));
}

/** Sorts sentences under the headings of their sources, as their sources go. */
export function groupSentences(sentences: readonly Candidate[], mostSections: number): Section[] {
  const inOrder = [...sentences].sort((a, b) => a.source - b.source || a.position - b.position);
  const groups = [...Map.groupBy(inOrder, ({ heading }) => heading)].filter(
    ([heading, group]) => heading !== null && (group.length >= fewest.sentences || wordsOf(group) >= fewest.words),
  );
  const largest = new Set([...groups].sort(([, a], [, b]) => wordsOf(b) - wordsOf(a)).slice(0, mostSections));
  const sections = groups
    .filter((group) => largest.has(group))
    .map(([heading, group]): Section => ({ heading, sentences: group }));
  const grouped = new Set(sections.flatMap((section) => section.sentences));
  const rest = inOrder.filter((sentence) => !grouped.has(sentence));
  return rest.length > 0 ? [...sections, { heading: null, sentences: rest }] : sections;
}

function worthOf(part: readonly Ranked[]): number {
  return part.slice(0, best).reduce((sum, { score }) => sum + score, 0) / best;
}

function wordsOf(sentences: readonly Candidate[]): number {
  return sentences.reduce((sum, { words }) => sum + words, 0);
}

export function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
