import type { ItemBrief } from '../generators/generator.js';
import { isEmptyWord } from '../text/empty-words.js';
import type { Lexicon } from '../text/lexicon.js';
import { articleParts } from '../text/markdown-parts.js';
import { isFrame } from '../text/frames.js';
import type { SeoMetadata } from '../version-hash.js';

const shortestDescription = 50;
/** How often a pair of words that headings have, and any other pair or word, comes in a text to be a keyword of it. */
const fewestOfNamed = 2;
const fewestOfOther = 3;
const mostPairs = 4;
export const seoLimits = { title: 60, description: 160, keywords: 10, keyword: 60 };

/** What search engines and previews show of a text, made of the text itself. */
export function seoMetadata(
  text: { readonly title: string; readonly body: string },
  item: ItemBrief,
  lexicon: Lexicon,
): SeoMetadata {
  const parts = articleParts(text.body);
  return {
    ...seoTexts(text),
    keywords: keywordsOf(
      {
        text: [text.title, ...parts.map((part) => part.text).filter((part) => !isFrame(part))].join('\n'),
        named: [
          item.topic,
          text.title,
          ...parts.filter(({ kind }) => kind === 'heading').map((part) => part.text),
        ].join('\n'),
      },
      item,
      lexicon,
    ),
  };
}

/** The part of it that takes no lexicon. */
export function seoTexts(text: {
  readonly title: string;
  readonly body: string;
}): Pick<SeoMetadata, 'title' | 'description'> {
  const parts = articleParts(text.body);
  const prose = parts.filter(({ kind }) => kind !== 'heading').map((part) => part.text.replace(/ ?\[\d+\]/g, ''));
  // A greeting is no description.
  const opening = prose.find((paragraph) => paragraph.length >= shortestDescription) ?? prose[0] ?? text.title;
  return {
    title: cutToWords(text.title, seoLimits.title),
    description: cutToWords(unquoted(opening), seoLimits.description),
  };
}

/** A paragraph that is one quotation stands without its marks, which would be cut off at its end. */
function unquoted(paragraph: string): string {
  return /^[“„]([^“”„]*)[”“]$/u.exec(paragraph.trim())?.[1] ?? paragraph;
}

interface Searched {
  /** Without what a generator says of itself. */
  readonly text: string;
  /** Topic, title and headings: what stands there is what the text is about. */
  readonly named: string;
}

/** The keyword and the tags first, then what the text has most of: pairs of words before words, none of them twice. */
function keywordsOf({ text, named }: Searched, { brief, tags, language }: ItemBrief, lexicon: Lexicon): string[] {
  const keywords = [brief.primaryKeyword ?? '', ...tags];
  const covered = new Set(keywords.flatMap((keyword) => lexicon.termsOf(keyword)));
  const inNames = new Set(lexicon.termsOf(named));
  for (const [phrase, terms] of [...pairsOf(text, inNames, lexicon), ...wordsOf(text, inNames, language, lexicon)]) {
    if (terms.some((term) => covered.has(term))) continue;
    terms.forEach((term) => covered.add(term));
    keywords.push(phrase);
  }
  const distinct = new Map<string, string>();
  for (const word of keywords.map((keyword) => cutToWords(keyword, seoLimits.keyword))) {
    if (word !== '' && !distinct.has(word.toLowerCase())) distinct.set(word.toLowerCase(), word);
  }
  return [...distinct.values()].slice(0, seoLimits.keywords);
}

/** Two words that stand side by side several times, most frequent first, with their terms. */
function pairsOf(text: string, inNames: ReadonlySet<string>, lexicon: Lexicon): [phrase: string, terms: string[]][] {
  const pairs = [...text.matchAll(/(?=(?<![\p{L}\p{N}])(\p{L}{3,}) (\p{L}{3,})(?![\p{L}\p{N}]))/gu)].flatMap(
    ([, first, second]): [string, string[]][] => {
      const terms = [...lexicon.termsOf(first), ...lexicon.termsOf(second)];
      return terms.length === 2 && ![first, second].some(isEmptyWord) ? [[`${first} ${second}`, terms]] : [];
    },
  );
  return mostFrequent(
    pairs,
    (terms, count) => count >= (terms.every((term) => inNames.has(term)) ? fewestOfNamed : fewestOfOther),
  ).slice(0, mostPairs);
}

/** The words that mean something, most frequent first; of German only the nouns. */
function wordsOf(
  text: string,
  inNames: ReadonlySet<string>,
  language: string,
  lexicon: Lexicon,
): [word: string, terms: string[]][] {
  const written = text.match(/\p{L}{4,}/gu) ?? [];
  const lower = new Set(written.filter((word) => word === word.toLowerCase()));
  const words = written.flatMap((word): [string, string[]][] => {
    const noun = language !== 'german' || !lower.has(word.toLowerCase());
    return noun && !isEmptyWord(word) ? [[word, lexicon.termsOf(word)]] : [];
  });
  return mostFrequent(
    words.filter(([, terms]) => terms.length === 1),
    (terms, count) => count >= fewestOfOther || (count >= fewestOfNamed && terms.some((term) => inNames.has(term))),
  );
}

/** Each as it is written most often, in the order of their counts. */
function mostFrequent(
  found: readonly [string, string[]][],
  isEnough: (terms: readonly string[], count: number) => boolean,
): [string, string[]][] {
  const groups = [...Map.groupBy(found, ([, terms]) => terms.join(' '))].filter(([, [[, terms], ...rest]]) =>
    isEnough(terms, rest.length + 1),
  );
  return groups
    .sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1))
    .map(([, group]) => {
      const lower = group.find(([phrase]) => phrase === phrase.toLowerCase());
      return lower ?? group[0];
    });
}

/** A text in one line, cut behind a word where it is too long. */
export function cutToWords(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const cut = line
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  const end = cut.lastIndexOf(' ');
  return `${(end > most / 2 ? cut.slice(0, end) : cut).replace(/[\s,;:–-]+$/, '')}…`;
}
