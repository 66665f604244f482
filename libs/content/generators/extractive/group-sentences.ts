import type { Candidate } from './sentence-pool.js';

/** Sentences under a heading; null: those that go under none of their own. */
export interface Section {
  readonly heading: string | null;
  readonly sentences: readonly Candidate[];
}

const longestHeading = 80;
/** Sentences that make a section. */
const fewest = 2;

/**
 * Sorts sentences under headings that the sources use themselves, or else under the words that several have in common.
 * @param written how a term is written.
 * @param notHeadings terms that would say nothing as a heading, because the whole text is about them.
 */
export function groupSentences(
  sentences: readonly Candidate[],
  mostSections: number,
  written: ReadonlyMap<string, string>,
  notHeadings: ReadonlySet<string>,
): Section[] {
  const groups = new Map<string, Candidate[]>();
  const put = (heading: string, sentence: Candidate) => {
    const group = groups.get(heading);
    if (group === undefined) groups.set(heading, [sentence]);
    else group.push(sentence);
  };
  for (const sentence of sentences) if (isHeading(sentence.heading)) put(sentence.heading, sentence);
  for (const [heading, group] of groups) if (group.length < fewest) groups.delete(heading);
  const grouped = () => new Set([...groups.values()].flat());
  // Term by term, the most frequent one first: what a section has taken counts for no other.
  for (let left = without(sentences, grouped()); groups.size < mostSections; left = without(sentences, grouped())) {
    const term = mostShared(left, notHeadings);
    if (term === null) break;
    const heading = capitalized(written.get(term) ?? term);
    for (const sentence of left) if (sentence.terms.includes(term)) put(heading, sentence);
  }
  const largest = [...groups].sort(([, a], [, b]) => b.length - a.length).slice(0, mostSections);
  const kept = new Set(largest.map(([heading]) => heading));
  const sections = [...groups].filter(([heading]) => kept.has(heading));
  const rest = without(sentences, new Set(sections.flatMap(([, group]) => group)));
  return [
    ...sections.map(([heading, group]) => ({ heading, sentences: inReadingOrder(group) })),
    ...(rest.length > 0 ? [{ heading: null, sentences: inReadingOrder(rest) }] : []),
  ];
}

function isHeading(heading: string | null): heading is string {
  return heading !== null && heading.length <= longestHeading && /\p{L}{3}/u.test(heading);
}

function without(sentences: readonly Candidate[], taken: ReadonlySet<Candidate>): Candidate[] {
  return sentences.filter((sentence) => !taken.has(sentence));
}

function mostShared(sentences: readonly Candidate[], notHeadings: ReadonlySet<string>): string | null {
  const counts = new Map<string, number>();
  for (const { terms } of sentences) {
    for (const term of new Set(terms)) {
      if (!notHeadings.has(term) && /^\p{L}{4,}$/u.test(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  let best: string | null = null;
  for (const [term, count] of counts) if (count >= fewest && count > (counts.get(best ?? '') ?? 0)) best = term;
  return best;
}

function inReadingOrder(sentences: readonly Candidate[]): Candidate[] {
  return [...sentences].sort((a, b) => a.source - b.source || a.position - b.position);
}

export function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
