import { markdownParser } from './markdown-parser.js';
import { sourcesHeadings } from './phrases.js';

/** A block of a text, without its markup. */
export interface TextPart {
  readonly kind: 'heading' | 'paragraph' | 'quote' | 'item';
  /** 1–6 for headings. */
  readonly level: number;
  readonly text: string;
  /** Whether there is a link in it. */
  readonly linked: boolean;
}

const markdown = markdownParser();
const closed = { paragraph: 'paragraph', blockquote: 'quote', list_item: 'item' } as const;

/** The blocks of a Markdown text in order. */
export function partsOf(body: string): TextPart[] {
  const parts: TextPart[] = [];
  const around: (keyof typeof closed)[] = [];
  let level = 0;
  for (const { type, tag, children } of markdown.parse(body, {})) {
    const container = type === 'blockquote_open' ? 'blockquote' : type === 'list_item_open' ? 'list_item' : null;
    if (container !== null) around.push(container);
    else if (type === 'blockquote_close' || type === 'list_item_close') around.pop();
    else if (type === 'heading_open') level = Number(tag.slice(1));
    else if (type === 'heading_close') level = 0;
    else if (type === 'inline') {
      const text = (children ?? [])
        .map((token) => (token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content))
        .join('');
      const kind = level > 0 ? 'heading' : closed[around.at(-1) ?? 'paragraph'];
      const linked = (children ?? []).some((token) => token.type === 'link_open') || /https?:\/\//.test(text);
      if (text.trim() !== '') parts.push({ kind, level, text: text.trim(), linked });
    }
  }
  return parts;
}

/** The blocks without the list of sources at the end. */
export function articleParts(body: string): TextPart[] {
  const parts = partsOf(body);
  const end = parts.findLastIndex(({ kind, text }) => kind === 'heading' && sourcesHeadings.has(text.toLowerCase()));
  return end === -1 ? parts : parts.slice(0, end);
}

/** The Markdown of a text up to its list of sources. */
export function withoutSources(body: string): string {
  const lines = body.split('\n');
  const end = lines.findLastIndex(isSourcesHeading);
  return (end === -1 ? body : lines.slice(0, end).join('\n')).trim();
}

/** Whether a text lists its sources itself. */
export function listsSources(body: string): boolean {
  return body.split('\n').some(isSourcesHeading);
}

function isSourcesHeading(line: string): boolean {
  return (
    line.length < 100 &&
    /^#{1,6}\s/.test(line) &&
    sourcesHeadings.has(
      line
        .replace(/[#*_:]/g, '')
        .trim()
        .toLowerCase(),
    )
  );
}

/** A text as Markdown that shows just this text: scraped characters make no links, tags or headings. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>&|~^$]/g, '\\$&')
    .replace(/^(\s*)([#+=:-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}
