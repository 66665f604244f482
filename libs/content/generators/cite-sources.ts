import type { SourceMaterial } from '../source-material.js';
import { escapeMarkdown } from '../text/markdown-parts.js';
import { phrasesOf } from '../text/phrases.js';
import type { ContentSource } from '../version-hash.js';

const longestTitle = 200;

/**
 * Numbers the citations of a text by their first appearance, drops those that lead nowhere, and lists the sources at
 * the end.
 * @param body cites `material` as `[n]`, by its place in the list, from 1.
 */
export function citeSources(
  body: string,
  material: readonly ContentSource[],
  language: string,
): { readonly body: string; readonly sources: readonly ContentSource[] } {
  const order: number[] = [];
  const numbered = body.replace(/ ?(?<!\\)\[(\d{1,3})\](?!\()/g, (citation, digits: string) => {
    const place = Number(digits);
    if (place < 1 || place > material.length) return '';
    if (!order.includes(place)) order.push(place);
    return `${citation.startsWith(' ') ? ' ' : ''}[${order.indexOf(place) + 1}]`;
  });
  const sources = order.map((place) => ({ title: material[place - 1].title, url: material[place - 1].url }));
  if (sources.length === 0) return { body: numbered.trim(), sources };
  const list = sources.map((source, index) => `${index + 1}. ${linkTo(source)}`).join('\n');
  return { body: `${numbered.trim()}\n\n## ${phrasesOf(language).sources}\n\n${list}\n`, sources };
}

/** A source as Markdown: a link, if it has an address. */
export function linkTo({ title, url }: ContentSource): string {
  const text = escapeMarkdown(title.slice(0, longestTitle));
  return url === null ? text : `[${text}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`;
}

/** The material with that first which a text cites already, in its order: so its citations stay what they are. */
export function citedFirst(material: readonly SourceMaterial[], cited: readonly ContentSource[]): SourceMaterial[] {
  const same = (a: ContentSource) => (b: ContentSource) => a.title === b.title && a.url === b.url;
  const first = cited.map((source) => material.find(same(source)) ?? { ...source, text: '' });
  return [...first, ...material.filter((source) => !cited.some(same(source)))];
}
