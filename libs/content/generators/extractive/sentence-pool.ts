import type { Pace } from '../../pace.js';
import type { SourceMaterial } from '../../source-material.js';
import type { Lexicon } from '../../text/lexicon.js';
import { countWords, sentencesIn } from '../../text/words.js';
import { isBesideTheSubject, isTechnical, leansOnTheLast } from './context-free.js';
import { headingOf, shortTitles } from './headings.js';

/** A sentence of a source that may be quoted, with those behind it that cannot stand alone. */
export interface Candidate {
  /** Place of its source in the material, from 0. */
  readonly source: number;
  /** Place within its source; neighbours within a paragraph differ by 1. */
  readonly position: number;
  /** Place of its last sentence. */
  readonly last: number;
  readonly text: string;
  readonly words: number;
  /** Words of its longest sentence. */
  readonly longest: number;
  readonly terms: readonly string[];
  /** What it comes under in its source: the heading above it, or else the title; null when neither says anything. */
  readonly heading: string | null;
  /** Terms of the headings that it comes under. */
  readonly context: readonly string[];
  /** Whether it is for those who work with it, not for every reader. */
  readonly technical: boolean;
}

export interface PoolSettings {
  readonly language: string;
  readonly lexicon: Lexicon;
  /** Whether a sentence must not be quoted. */
  readonly refused: (sentence: string) => boolean;
}

const fewestWords = 5;
const mostWords = 60;
/** Of all sources together. */
const mostSentences = 5_000;

/** The passages of the sources that can stand alone, in order, each once. */
export async function candidatesOf(
  material: readonly SourceMaterial[],
  settings: PoolSettings,
  pace: Pace,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const titles = shortTitles(material);
  for (const [source, { text, url }] of material.entries()) {
    let before: Candidate | null = null;
    for (const found of sentencesUnderHeadings(text, url === null, settings.language)) {
      await pace();
      if (candidates.length >= mostSentences) return candidates;
      const { sentence, position } = found;
      const words = countWords(sentence);
      const key = sentence.toLowerCase();
      const usable = words >= fewestWords && words <= mostWords && endsLikeASentence(sentence) && !seen.has(key);
      if (!usable || isBesideTheSubject(sentence) || settings.refused(sentence)) {
        before = null;
        continue;
      }
      seen.add(key);
      if (leansOnTheLast(sentence, settings.language)) {
        if (before === null || before.last + 1 !== position || before.words + words > mostWords) {
          before = null;
          continue;
        }
        before = withNext(before, sentence, words, settings);
        candidates[candidates.length - 1] = before;
        continue;
      }
      before = candidateOf(source, { ...found, title: titles[source] }, words, settings);
      candidates.push(before);
    }
  }
  return candidates;
}

function candidateOf(
  source: number,
  { sentence, heading, title, position }: Found & { readonly title: string },
  words: number,
  { lexicon }: PoolSettings,
): Candidate {
  return {
    ...{ source, position, last: position, text: sentence, words, longest: words },
    terms: lexicon.termsOf(sentence),
    heading: headingOf(heading) ?? headingOf(title),
    context: lexicon.termsOf(`${title} ${heading ?? ''}`),
    technical: isTechnical(sentence),
  };
}

function withNext(before: Candidate, sentence: string, words: number, { lexicon }: PoolSettings): Candidate {
  return {
    ...before,
    last: before.last + 1,
    text: `${before.text} ${sentence}`,
    words: before.words + words,
    longest: Math.max(before.longest, words),
    terms: [...before.terms, ...lexicon.termsOf(sentence)],
    technical: before.technical || isTechnical(sentence),
  };
}

interface Found {
  readonly sentence: string;
  readonly heading: string | null;
  readonly position: number;
}

function* sentencesUnderHeadings(text: string, isPlain: boolean, language: string): Generator<Found> {
  let heading: string | null = null;
  let position = 0;
  for (const [index, paragraph] of blocksOf(text).entries()) {
    const title = /^#{1,6}\s+(.*)$/.exec(paragraph)?.[1] ?? (isPlain && isBareHeading(paragraph) ? paragraph : null);
    // The first line is the title of the text, which counts already.
    if (title !== null) heading = index === 0 ? null : title;
    else
      for (const sentence of sentencesIn(tidy(paragraph), language)) yield { sentence, heading, position: ++position };
    // The last sentence of a paragraph and the first one of the next are no neighbours.
    position += 1;
  }
}

/** Paragraphs, headings and items of lists. */
function blocksOf(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*(?:[-*•·]|\d{1,2}[.)])\s)|\n(?=#{1,6}\s)|(?<=^#{1,6}\s.*)\n/m)
    .map((block) => block.replace(/^\s*(?:[-*•·]|\d{1,2}[.)])\s+/, '').trim())
    .filter((block) => block !== '');
}

/** A line of a plain text by itself, without the end of a sentence. */
function isBareHeading(block: string): boolean {
  return block.length <= 80 && !block.includes('\n') && /^[\p{Lu}\p{N}].*[\p{L}\p{N}?)]$/u.test(block);
}

/** In one line, without the marks of footnotes, which would look like citations of ours. */
function tidy(paragraph: string): string {
  return paragraph.replace(/\s+/g, ' ').replace(/ ?\[ ?(\d+|edit|citation needed) ?\]/gi, '');
}

/** Menus, captions, teasers and lines before a list do not; questions without their answers say nothing. */
function endsLikeASentence(sentence: string): boolean {
  return /[.!。！．｡]["”“»’)\]」』）]*$/u.test(sentence) && /^["“„«‘(「『（]?[\p{Lu}\p{Lo}\p{N}]/u.test(sentence);
}
