import { proseOf } from '../source-material.js';
import type { Lexicon } from '../text/lexicon.js';
import { sentencesOf } from '../text/words.js';
import { scaled, type TextView, type Verdict } from './text-view.js';

/** Share of a sentence's terms that one sentence of a source must have, and its neighbour with it. */
const supported = 0.6;
/** With a citation of that source. */
const supportedWhenCited = 0.35;
/** Sentences with fewer terms say nothing that could be wrong. */
const fewestTerms = 4;

/** The share of statements that the sources bear out. */
export function grounding(view: TextView): Verdict {
  const { sentences, lexicon, sources, material } = view;
  if (material.length === 0) return { score: 0, reason: 'There are no sources.' };
  const passages = new Passages(view, lexicon);
  const bad = new Set(citationsOf(view).filter((number) => number < 1 || number > sources.length));
  const statements = sentences
    .map((sentence) => ({ sentence, terms: [...new Set(lexicon.termsOf(sentence.replace(/\[\d+\]/g, ' ')))] }))
    .filter(({ terms }) => terms.length >= fewestTerms);
  if (statements.length === 0) return { score: 0, reason: 'The text states nothing.' };
  const borneOut = statements.filter(({ sentence, terms }) => {
    const cited = [...sentence.matchAll(/\[(\d+)\]/g)].map(([, number]) => sources[Number(number) - 1]).filter(Boolean);
    return passages.support(terms, cited) >= (cited.length > 0 ? supportedWhenCited : supported);
  }).length;
  const share = borneOut / statements.length;
  const wrong = bad.size > 0 ? ` ${bad.size} citations lead nowhere.` : '';
  return {
    score: Math.max(0, scaled(share, [0.3, 0], [0.9, 100]) - 20 * bad.size),
    reason: `The sources bear out ${borneOut} of ${statements.length} statements.${wrong}`,
  };
}

function citationsOf({ prose }: TextView): number[] {
  return prose.flatMap(({ text }) => [...text.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
}

/** Pairs of neighbouring sentences of the sources, found by their terms. */
class Passages {
  private readonly byTerm = new Map<string, number[]>();
  private readonly sourceOf: number[] = [];

  constructor(
    private readonly view: Pick<TextView, 'material' | 'language'>,
    lexicon: Lexicon,
  ) {
    for (const [source, material] of view.material.entries()) {
      const sentences = sentencesOf(proseOf(material), view.language).map((sentence) => lexicon.termsOf(sentence));
      sentences.forEach((terms, index) => this.add(source, [...terms, ...(sentences[index + 1] ?? [])]));
    }
  }

  /** The largest share of the terms that one passage has, of the cited sources when there are any. */
  support(terms: readonly string[], cited: readonly { title: string; url: string | null }[]): number {
    const hits = new Map<number, number>();
    for (const term of terms) {
      for (const passage of this.byTerm.get(term) ?? []) hits.set(passage, (hits.get(passage) ?? 0) + 1);
    }
    let most = 0;
    for (const [passage, count] of hits) {
      const { title, url } = this.view.material[this.sourceOf[passage]];
      if (cited.length > 0 && !cited.some((source) => source.title === title && source.url === url)) continue;
      most = Math.max(most, count);
    }
    return most / terms.length;
  }

  private add(source: number, terms: readonly string[]): void {
    const passage = this.sourceOf.push(source) - 1;
    for (const term of new Set(terms)) {
      const known = this.byTerm.get(term);
      if (known === undefined) this.byTerm.set(term, [passage]);
      else known.push(passage);
    }
  }
}
