import type { Token } from 'markdown-it';
import { markdownParser } from './text/markdown-parser.js';

const markdown = markdownParser();

/** What of a Markdown text is searched. */
export interface SearchedText {
  /** One a line. */
  readonly headings: string;
  /** Everything that a reader sees, the headings too, without markup. */
  readonly plainText: string;
}

/** Takes the markup off a Markdown text. HTML in it is shown as it is written, so it is searched, too. */
export function textOf(source: string): SearchedText {
  const headings: string[] = [];
  const blocks: string[] = [];
  let inHeading = false;
  for (const token of markdown.parse(source, {})) {
    if (token.type === 'heading_open') inHeading = true;
    if (token.type === 'heading_close') inHeading = false;
    const text = blockText(token);
    if (text === '') continue;
    blocks.push(text);
    if (inHeading) headings.push(text);
  }
  return { headings: headings.join('\n'), plainText: blocks.join('\n\n') };
}

function blockText({ type, content, children }: Token): string {
  if (type === 'fence' || type === 'code_block') return content.trim();
  return type === 'inline' ? inlineText(children ?? []).trim() : '';
}

function inlineText(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content }) => {
      if (type === 'softbreak' || type === 'hardbreak') return '\n';
      // Of an image, the text that stands for it.
      return type === 'text' || type === 'code_inline' || type === 'image' ? content : '';
    })
    .join('');
}
