import type { ItemBrief } from '../generators/generator.js';
import type { Lexicon } from '../text/lexicon.js';
import { articleParts } from '../text/markdown-parts.js';
import type { SeoMetadata } from '../version-hash.js';

export const seoLimits = { title: 60, description: 160, keywords: 10, keyword: 60 };

/** What search engines and previews show of a text, made of the text itself. */
export function seoMetadata(
  text: { readonly title: string; readonly body: string },
  item: ItemBrief,
  lexicon: Lexicon,
): SeoMetadata {
  const parts = articleParts(text.body);
  const prose = parts.filter(({ kind }) => kind !== 'heading').map((part) => part.text.replace(/ ?\[\d+\]/g, ''));
  // A greeting is no description.
  const opening = prose.findIndex((paragraph) => paragraph.length >= 50);
  const description = prose.slice(Math.max(0, opening)).join(' ') || text.title;
  return {
    title: cutToWords(text.title, seoLimits.title),
    description: cutToWords(description, seoLimits.description),
    keywords: keywordsOf([text.title, ...parts.map((part) => part.text)].join('\n'), item, lexicon),
  };
}

/** The keyword and the tags first, then what the text has most of. */
function keywordsOf(text: string, { brief, tags }: ItemBrief, lexicon: Lexicon): string[] {
  const written = lexicon.writtenForms(text);
  const counts = new Map<string, number>();
  for (const term of lexicon.termsOf(text)) {
    if (/^\p{L}{3,}$/u.test(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const frequent = [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([term]) => (written.get(term) ?? term).toLowerCase());
  const all = [brief.primaryKeyword ?? '', ...tags, ...frequent].map((word) => cutToWords(word, seoLimits.keyword));
  const distinct = new Map<string, string>();
  for (const word of all) if (word !== '' && !distinct.has(word.toLowerCase())) distinct.set(word.toLowerCase(), word);
  return [...distinct.values()].slice(0, seoLimits.keywords);
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
