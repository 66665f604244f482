import type { SourceMaterial } from '../../source-material.js';
import type { Lexicon } from '../../text/lexicon.js';
import { countWords, sentencesOf } from '../../text/words.js';

/** A sentence of a source that may be quoted. */
export interface Candidate {
  /** Place of its source in the material, from 0. */
  readonly source: number;
  /** Place within its source; neighbours within a paragraph differ by 1. */
  readonly position: number;
  readonly text: string;
  readonly words: number;
  readonly terms: readonly string[];
  /** The heading above it in its source. */
  readonly heading: string | null;
}

const fewestWords = 5;
const mostWords = 60;
/** Of all sources together. */
const mostSentences = 5_000;

/** The sentences of the sources that can stand alone, in order, each once. */
export function candidatesOf(
  material: readonly SourceMaterial[],
  language: string,
  lexicon: Lexicon,
  refused: (sentence: string) => boolean,
): Candidate[] {
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  for (const [source, { text }] of material.entries()) {
    for (const { sentence, heading, position } of sentencesUnderHeadings(text, language)) {
      const words = countWords(sentence);
      const key = sentence.toLowerCase();
      if (words < fewestWords || words > mostWords || seen.has(key) || !endsLikeASentence(sentence)) continue;
      if (refused(sentence) || candidates.length >= mostSentences) continue;
      seen.add(key);
      candidates.push({ source, position, text: sentence, words, terms: lexicon.termsOf(sentence), heading });
    }
  }
  return candidates;
}

function* sentencesUnderHeadings(
  text: string,
  language: string,
): Generator<{ sentence: string; heading: string | null; position: number }> {
  let heading: string | null = null;
  let position = 0;
  for (const paragraph of text.split(/\n\s*\n/)) {
    const title = /^#{1,6}\s+(.*)$/.exec(paragraph.trim());
    if (title !== null) heading = title[1];
    else
      for (const sentence of sentencesOf(tidy(paragraph), language)) yield { sentence, heading, position: ++position };
    // The last sentence of a paragraph and the first one of the next are no neighbours.
    position += 1;
  }
}

/** In one line, without the marks of footnotes, which would look like citations of ours. */
function tidy(paragraph: string): string {
  return paragraph.replace(/\s+/g, ' ').replace(/ ?\[ ?(\d+|edit|citation needed) ?\]/gi, '');
}

/** Menus, captions and lines of tables do not; questions without their answers say nothing. */
function endsLikeASentence(sentence: string): boolean {
  return /[.!。…:]["”“»’)\]]*$/u.test(sentence) && /^["“„«‘(]?[\p{Lu}\p{Lo}\p{N}]/u.test(sentence);
}
