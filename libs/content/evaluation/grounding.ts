import type { Pace } from '../pace.js';
import { proseOf } from '../source-material.js';
import { isFrame } from '../text/frames.js';
import { sentencesIn } from '../text/words.js';
import type { ContentSource } from '../version-hash.js';
import { scaled, type TextView, type Verdict } from './text-view.js';

/** Share of a sentence's terms that one sentence of a source must have, and its neighbour with it. */
const supported = 0.6;
/** With a citation of that source. */
const supportedWhenCited = 0.35;
/** Sentences with fewer terms say nothing that could be wrong. */
const fewestTerms = 4;

/** The share of statements that the sources bear out. */
export async function grounding(view: TextView, pace: Pace): Promise<Verdict> {
  const { sentences, lexicon, sources, material } = view;
  if (material.length === 0) return { score: 0, reason: 'There are no sources.' };
  const passages = new Passages(material);
  for (const [source, one] of material.entries()) {
    const terms: string[][] = [];
    for (const sentence of sentencesIn(proseOf(one), view.language)) {
      terms.push(lexicon.termsOf(sentence));
      await pace();
    }
    for (const [index, own] of terms.entries()) {
      passages.add(source, [...own, ...(terms[index + 1] ?? [])]);
      await pace();
    }
  }
  const bad = new Set(citationsOf(view).filter((number) => number < 1 || number > sources.length));
  let [statements, borneOut] = [0, 0];
  for (const sentence of sentences) {
    await pace();
    if (isFrame(sentence, sources)) continue;
    const terms = [...new Set(lexicon.termsOf(sentence.replace(/\[\d+\]/g, ' ')))];
    if (terms.length < fewestTerms) continue;
    statements += 1;
    const cited = [...sentence.matchAll(/\[(\d+)\]/g)].map(([, number]) => sources[Number(number) - 1]).filter(Boolean);
    if (passages.support(terms, cited) >= (cited.length > 0 ? supportedWhenCited : supported)) borneOut += 1;
  }
  if (statements === 0) return { score: 0, reason: 'The text states nothing.' };
  const wrong = bad.size > 0 ? ` ${bad.size} citations lead nowhere.` : '';
  return {
    score: Math.max(0, scaled(borneOut / statements, [0.3, 0], [0.9, 100]) - 20 * bad.size),
    reason: `The sources bear out ${borneOut} of ${statements} statements.${wrong}`,
  };
}

function citationsOf({ prose }: TextView): number[] {
  return prose.flatMap(({ text }) => [...text.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
}

/** Pairs of neighbouring sentences of the sources, found by their terms. */
class Passages {
  private readonly byTerm = new Map<string, number[]>();
  private readonly sourceOf: number[] = [];
  /** By passage; an array of numbers, since a term that every passage has is looked up for every statement. */
  private hits = new Uint16Array(0);

  constructor(private readonly material: readonly ContentSource[]) {}

  add(source: number, terms: readonly string[]): void {
    const passage = this.sourceOf.push(source) - 1;
    for (const term of new Set(terms)) {
      const known = this.byTerm.get(term);
      if (known === undefined) this.byTerm.set(term, [passage]);
      else known.push(passage);
    }
  }

  /** The largest share of the terms that one passage has, of the cited sources when there are any. */
  support(terms: readonly string[], cited: readonly ContentSource[]): number {
    if (this.hits.length < this.sourceOf.length) this.hits = new Uint16Array(this.sourceOf.length);
    this.hits.fill(0);
    for (const term of terms) for (const passage of this.byTerm.get(term) ?? []) this.hits[passage] += 1;
    const counts = this.material.map(
      ({ title, url }) => cited.length === 0 || cited.some((source) => source.title === title && source.url === url),
    );
    let most = 0;
    for (let passage = 0; passage < this.hits.length; passage += 1) {
      if (this.hits[passage] > most && counts[this.sourceOf[passage]]) most = this.hits[passage];
    }
    return most / terms.length;
  }
}
