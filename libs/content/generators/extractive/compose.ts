import type { ContentSource } from '../../version-hash.js';
import { escapeMarkdown } from '../../text/markdown-parts.js';
import type { Phrases } from '../../text/phrases.js';
import { linkTo } from '../cite-sources.js';
import type { ItemBrief } from '../generator.js';
import type { OwnBlock } from '../peoples-edits.js';
import { areNeighbours } from './choose-sentences.js';
import type { Section } from './group-sentences.js';
import type { Candidate } from './sentence-pool.js';

/** The parts of an extractive text. */
export interface Outline {
  /** Opens the text. */
  readonly lead: Candidate | null;
  readonly sections: readonly Section[];
  readonly summary: readonly Candidate[];
  /** Blocks that people wrote: they go where they were. */
  readonly written: readonly OwnBlock[];
}

export interface Layout {
  readonly item: ItemBrief;
  readonly phrases: Phrases;
  readonly material: readonly ContentSource[];
  /** Most sentences of one paragraph. */
  readonly paragraph: number;
  readonly headingKeyword: string | null;
}

/** Of a paragraph. */
const mostWords = 100;

/** Puts an outline together as Markdown, in the way of its format; citations count by place in the material. */
export function compose(outline: Outline, layout: Layout): string {
  const { format, brief } = layout.item;
  const { greeting, closing } = layout.phrases;
  const hello = format === 'newsletter' || format === 'email' ? [escapeMarkdown(greeting(brief.targetAudience))] : [];
  const headed = format === 'blog_post' || format === 'newsletter';
  const blocks = [
    ...hello,
    ...(outline.lead === null ? [] : [quote(outline.lead, layout)]),
    escapeMarkdown(layout.phrases.intro(sourcesUsed(outline))),
    ...written(outline, null),
    ...outline.sections.flatMap((section) => sectionBlocks(section, headed, outline, layout)),
    ...leftOver(outline, layout),
    ...summaryBlocks(outline, headed, layout),
    ...(format === 'blog_post' ? [] : [closing, ...readMore(outline, layout)]),
    ...(format === 'social_media' ? hashtags(layout.item.tags) : []),
  ];
  return blocks.join('\n\n');
}

function sectionBlocks(section: Section, headed: boolean, outline: Outline, layout: Layout): string[] {
  const heading = headingOf(section, outline, layout);
  const own = written(outline, heading);
  const paragraphs = paragraphsOf(section.sentences, layout);
  // A section without a heading of its own comes under one only where others have theirs.
  return headed && (section.heading !== null || outline.sections.length > 1)
    ? [`## ${heading}`, ...own, ...paragraphs]
    : [...own, ...paragraphs];
}

function headingOf(section: Section, { sections }: Outline, { phrases, headingKeyword }: Layout): string {
  const words = escapeMarkdown(section.heading ?? phrases.more);
  if (headingKeyword === null || words.toLowerCase().includes(headingKeyword.toLowerCase())) return words;
  // The keyword belongs over the section that says most about it, if any does.
  const [most] = [...sections].sort((a, b) => mentions(b, headingKeyword) - mentions(a, headingKeyword));
  const named = section === most && mentions(section, headingKeyword) > 0;
  return named ? `${escapeMarkdown(headingKeyword)}: ${words}` : words;
}

function mentions({ sentences }: Section, keyword: string): number {
  return sentences.filter(({ text }) => text.toLowerCase().includes(keyword.toLowerCase())).length;
}

/** What one source says is one quotation, as long as a paragraph may be. */
function paragraphsOf(sentences: readonly Candidate[], layout: Layout): string[] {
  const paragraphs: Candidate[][] = [];
  for (const sentence of sentences) {
    const open = paragraphs.at(-1);
    const goesOn = open !== undefined && open[0].source === sentence.source && open.length < layout.paragraph;
    if (goesOn && wordsOf(open) + sentence.words <= mostWords) open.push(sentence);
    else paragraphs.push([sentence]);
  }
  return paragraphs.map((paragraph) => quoted(joined(paragraph), paragraph[0].source, layout));
}

/** Sentences of one source, with marks where some were left out between them. */
function joined(sentences: readonly Candidate[]): string {
  return sentences.reduce((text, sentence, index) => {
    if (index === 0) return sentence.text;
    return `${text}${areNeighbours(sentences[index - 1], sentence) ? ' ' : ' […] '}${sentence.text}`;
  }, '');
}

function wordsOf(sentences: readonly Candidate[]): number {
  return sentences.reduce((sum, { words }) => sum + words, 0);
}

function quote(sentence: Candidate, layout: Layout): string {
  return quoted(sentence.text, sentence.source, layout);
}

function quoted(text: string, source: number, { phrases }: Layout): string {
  const [innerOpen, innerClose] = phrases.innerQuotes;
  const inner = text.replace(/(?<=^|[\s(])["“„«]/g, innerOpen).replace(/["“”„»«]/g, innerClose);
  return `${phrases.quotes[0]}${escapeMarkdown(inner)}${phrases.quotes[1]} [${source + 1}]`;
}

function written({ written: blocks }: Outline, heading: string | null): string[] {
  return blocks.filter((block) => block.heading === heading).map(({ markdown }) => markdown);
}

/** What people wrote under headings that are not there any more, or under the summary's. */
function leftOver(outline: Outline, layout: Layout): string[] {
  const headings = new Set(outline.sections.map((section) => headingOf(section, outline, layout)));
  const rest = outline.written.filter(({ heading }) => heading !== null && !headings.has(heading));
  return [...new Set(rest.map(({ heading }) => heading))].flatMap((heading) => [
    ...(heading === layout.phrases.summary ? [] : [`## ${heading}`]),
    ...written(outline, heading),
  ]);
}

function summaryBlocks({ summary }: Outline, headed: boolean, layout: Layout): string[] {
  if (summary.length === 0) return [];
  const list = summary.map((sentence) => `- ${quote(sentence, layout)}`).join('\n');
  return headed ? [`## ${layout.phrases.summary}`, list] : [list];
}

function readMore(outline: Outline, { material, phrases }: Layout): string[] {
  const linked = material.filter((source, index) => source.url !== null && placesOf(outline).has(index)).slice(0, 3);
  return linked.length === 0 ? [] : [`${phrases.readMore} ${linked.map(linkTo).join(', ')}`];
}

function placesOf({ lead, sections, summary }: Outline): Set<number> {
  const all = [...(lead === null ? [] : [lead]), ...sections.flatMap(({ sentences }) => sentences), ...summary];
  return new Set(all.map(({ source }) => source));
}

function sourcesUsed(outline: Outline): number {
  return placesOf(outline).size;
}

function hashtags(tags: readonly string[]): string[] {
  const words = tags.map((tag) => tag.replace(/[^\p{L}\p{N}]+/gu, '')).filter(Boolean);
  return words.length === 0 ? [] : [words.map((word) => `\\#${word}`).join(' ')];
}
