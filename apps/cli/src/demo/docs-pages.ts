import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

/** One page of the site. */
export interface Page {
  /** Path of its URL. */
  readonly path: string;
  readonly title: string;
  /** The document it is a part of. */
  readonly document: string;
  readonly description: string;
  /** HTML of its text. */
  readonly body: string;
}

/** A part of a document, from one heading to the next. */
interface Section {
  readonly file: string;
  readonly path: string;
  readonly title: string;
  readonly document: string;
  readonly tokens: Token[];
}

const markdown = new MarkdownIt();

/** The project's own documents as pages: each is cut at its headings. */
export async function docsPages(): Promise<Page[]> {
  const sections = (await Promise.all((await documents()).map(readSections))).flat();
  const targets = linkTargets(sections);
  return sections.map((section) => {
    section.tokens.forEach((token) => rewriteLinks(token, section.file, targets));
    const { path, title, document, tokens } = section;
    const body = markdown.renderer.render(tokens, markdown.options, {});
    return { path, title, document, description: descriptionOf(tokens) || title, body };
  });
}

async function documents(): Promise<string[]> {
  const found = await readdir('docs', { recursive: true });
  const inDocs = found.filter((name) => name.endsWith('.md')).map((name) => posix.join('docs', name));
  return ['README.md', ...inDocs.sort()];
}

async function readSections(file: string): Promise<Section[]> {
  // The site has no pictures, and HTML in a document would be shown as text.
  const text = (await readFile(file, 'utf8')).replace(/<!--.*?-->|<img [^>]*>/gs, '');
  const base = file === 'README.md' ? '/' : `/${file.replace(/\.md$/, '')}`;
  const sections: Section[] = [];
  const tokens = markdown.parse(text, {});
  tokens.forEach((token, index) => {
    const begins = token.type === 'heading_open' && (token.tag === 'h1' || token.tag === 'h2');
    if (begins || sections.length === 0) {
      const title = begins ? textOf(tokens[index + 1]) : file;
      const path = sections.length === 0 ? base : posix.join(base, anchorOf(title));
      // Every page has one main heading.
      if (begins) token.tag = tokens[index + 2].tag = 'h1';
      sections.push({ file, path, title, document: sections[0]?.title ?? title, tokens: [] });
    }
    sections.at(-1)?.tokens.push(token);
  });
  return sections;
}

/** Paths of pages by what a document may link to: `docs/x.md` and `docs/x.md#heading`. */
function linkTargets(sections: readonly Section[]): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const { file, path, title } of sections) {
    if (!targets.has(file)) targets.set(file, path);
    targets.set(`${file}#${anchorOf(title)}`, path);
  }
  return targets;
}

/** Links between documents become links between pages; what is no page of the site is no link either. */
function rewriteLinks(token: Token, file: string, targets: ReadonlyMap<string, string>): void {
  let isLink = true;
  for (const child of token.children ?? []) {
    if (child.type === 'link_open') {
      const href = String(child.attrGet('href'));
      isLink = /^https?:/.test(href);
      const [name = '', anchor] = href.split('#');
      const target = name === '' ? file : posix.join(posix.dirname(file), name);
      const path = targets.get(anchor === undefined ? target : `${target}#${anchor}`) ?? targets.get(target);
      if (!isLink && path !== undefined) {
        child.attrSet('href', path);
        isLink = true;
      }
    }
    if (child.type.startsWith('link_') && !isLink) {
      child.tag = 'span';
      child.attrs = null;
    }
  }
}

function descriptionOf(tokens: readonly Token[]): string {
  const start = tokens.findIndex(({ type }) => type === 'paragraph_open');
  const text = start === -1 ? '' : textOf(tokens[start + 1]).replace(/\s+/g, ' ');
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

function textOf(token: Token | undefined): string {
  const parts = (token?.children ?? []).map(({ type, content }) => (type.endsWith('break') ? ' ' : content));
  return parts.join('');
}

/** The anchor that code hosts give a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
