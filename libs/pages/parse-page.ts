// Runs in a thread of its own, straight from this file: nothing but packages may be imported here.
import { Readability } from '@mozilla/readability';
import JSDOMParser, { type ArticleNode } from '@mozilla/readability/JSDOMParser.js';
import { loadBuffer, type CheerioAPI } from 'cheerio';
import { adapter } from 'parse5-htmlparser2-tree-adapter';

/** A fetched page, as it goes to the parsing thread. */
export interface RawPage {
  readonly body: Uint8Array;
  /** Where it came from; relative links start here, or at its `<base>`. */
  readonly url: string;
  /** The Content-Type header. */
  readonly contentType: string | null;
}

/** What is read off a page. Texts are one line, bounded, and safe to store. */
export interface PageFacts {
  readonly title: string | null;
  readonly description: string | null;
  readonly canonical: string | null;
  /** The `lang` of the document. */
  readonly language: string | null;
  readonly counts: { readonly h1: number; readonly links: number; readonly images: number; readonly words: number };
  /** The first headings. */
  readonly h1: readonly string[];
  /** Distinct http and https targets in document order, without fragments. */
  readonly links: readonly string[];
  /** What the page is about, without its navigation: paragraphs with empty lines between them, headings as `## …`. */
  readonly text: string;
  /** Whether the page was too large or too deep to be read to its end. */
  readonly truncated: boolean;
}

/** Bounds of one page, in characters or entries. */
export const bounds = { title: 300, description: 500, h1: 200, headings: 10, url: 1024, links: 1000, text: 60_000 };

/**
 * What is read of a page; the rest is left out. A page of some kilobytes can unfold into millions of elements, parsing
 * takes the number of elements times their depth, and 32 bytes for each character of a long text. A thread that runs
 * out of memory fast enough takes the whole process along, so its heap limit alone is no protection.
 */
const readable = { bytes: 4 * 1024 * 1024, nodes: 150_000, depth: 4_000 };

type Node = ReturnType<CheerioAPI['root']>[0]['children'][number];
type Element = Extract<Node, { attribs: unknown }>;

const textNode = 3;
/** Elements that do not end a word. */
const inline = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
/** Elements whose text nobody sees. */
const unseen = new Set(['script', 'style', 'template', 'noscript', 'head', 'textarea', 'svg', 'iframe', 'object']);

/** Decodes by byte order mark, then the header's charset, then the page's `<meta>`; bad bytes become U+FFFD. */
export default function parsePage(page: RawPage): PageFacts {
  const { root, truncated } = readTree(page);
  const elements = [...elementsOf(root)];
  const named = (name: string) => elements.filter((element) => element.name === name);
  const base = named('base').find((element) => element.attribs.href !== undefined)?.attribs.href;
  const from = (base !== undefined && URL.parse(base, page.url)) || new URL(page.url);
  const anchors = elements.filter(
    ({ name, attribs }) => (name === 'a' || name === 'area') && attribs.href !== undefined,
  );
  const headings = named('h1');
  const body = named('body')[0];
  return {
    title: titleOf(elements),
    description: metaOf(elements, 'description') ?? metaOf(elements, 'og:description'),
    canonical: canonicalOf(elements, from),
    language: oneLine(named('html')[0]?.attribs.lang ?? '', 35) || null,
    counts: {
      h1: headings.length,
      links: anchors.length,
      images: named('img').length,
      words: body === undefined ? 0 : countWords(textOf(body)),
    },
    h1: headings.slice(0, bounds.headings).map((heading) => oneLine(textOf(heading), bounds.h1)),
    links: linksOf(anchors, from),
    text: body === undefined ? '' : mainText(root, body, page.url),
    truncated,
  };
}

/** The tree of a page as far as it is readable, and whether that is not all of it. */
function readTree(page: RawPage): { root: { children: Node[] }; truncated: boolean } {
  const label = /charset\s*=\s*["']?([^\s"';]+)/i.exec(page.contentType ?? '')?.[1];
  const encoding = { defaultEncoding: 'utf-8', ...(label && { transportLayerEncodingLabel: label }) };
  const { treeAdapter, document, full } = boundedAdapter();
  try {
    loadBuffer(Buffer.from(page.body.subarray(0, readable.bytes)), { encoding, treeAdapter });
  } catch (error) {
    if (error !== full) throw error;
    return { root: document, truncated: true };
  }
  return { root: document, truncated: page.body.length > readable.bytes };
}

/** Builds the tree until it is full. */
function boundedAdapter(): {
  treeAdapter: typeof adapter;
  document: ReturnType<typeof adapter.createDocument>;
  full: Error;
} {
  const document = adapter.createDocument();
  const full = new Error('The page is too large or too deep.');
  let nodes = 0;
  let depth = 0;
  const add = (count: number) => {
    nodes += count;
    if (nodes > readable.nodes) throw full;
  };
  const treeAdapter: typeof adapter = {
    ...adapter,
    createDocument: () => document,
    createElement: (name, namespace, attributes) => {
      add(1 + attributes.length);
      return adapter.createElement(name, namespace, attributes);
    },
    createCommentNode: (data) => {
      add(1);
      return adapter.createCommentNode(data);
    },
    onItemPush: () => {
      if (++depth > readable.depth) throw full;
    },
    onItemPop: () => void depth--,
  };
  return { treeAdapter, document, full };
}

/** A URL as it is compared and fetched: absolute, http or https, without fragment; null for anything else. */
export function normalizeUrl(href: string, base?: URL): string | null {
  const url = URL.parse(href, base?.href);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  url.hash = '';
  return url.href;
}

/** White space and control characters become one space, broken surrogates U+FFFD; cut to `length` characters. */
export function oneLine(text: string, length: number): string {
  const tidy = text
    .slice(0, length * 20)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .trim();
  return tidy.length <= length ? tidy : `${[...tidy.slice(0, length * 2)].slice(0, length - 1).join('')}…`;
}

/** All elements in document order; without recursion, because a hostile page nests as deep as it likes. */
function* elementsOf(root: { children: Node[] }): Generator<Element> {
  const stack = [...root.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!('attribs' in node)) continue;
    yield node;
    for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index]);
  }
}

/** The text that a reader sees, with a space wherever a block begins or ends. */
function textOf(root: Element): string {
  const parts: string[] = [];
  const stack: (Node | string)[] = [...root.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') parts.push(node);
    else if (node.nodeType === textNode && 'data' in node) parts.push(node.data);
    else if ('attribs' in node && !unseen.has(node.name)) {
      const edge = inline.has(node.name) ? '' : ' ';
      parts.push(edge);
      stack.push(edge);
      for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index]);
    }
  }
  return parts.join('');
}

/**
 * What Readability is given, which goes over the text once for each level; a larger page is read as one text.
 */
const readableAs = { elements: 5_000, depth: 200, characters: 500_000 };

/** The page's article as Readability finds it, or where it cannot, all of its text. */
function mainText(root: { children: Node[] }, body: Element, url: string): string {
  try {
    const document = new JSDOMParser().parse(xhtmlOf(root), url);
    const options = { disableJSONLD: true, serializer: (node: unknown) => node };
    const found = new Readability(document, options).parse();
    return found === null ? '' : paragraphsOf(found.content as ArticleNode);
  } catch {
    // Too large, or nothing that Readability can cope with.
    return oneLine(textOf(body), bounds.text);
  }
}

const keptAttributes = ['id', 'class', 'role', 'rel', 'href', 'style', 'hidden', 'aria-hidden', 'name', 'content'];
const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => escaped[character]);

/**
 * The tree as the well-formed XHTML that JSDOMParser needs, with what Readability looks at.
 * @throws Error when there is more than Readability is given.
 */
function xhtmlOf(root: { children: Node[] }): string {
  const parts: string[] = [];
  let [elements, depth, characters] = [0, 0, 0];
  const stack: (Node | string)[] = [...root.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') {
      depth -= 1;
      parts.push(node);
    } else if (node.nodeType === textNode && 'data' in node) {
      characters += node.data.length;
      parts.push(escapeXml(node.data));
    } else if ('attribs' in node && (node.name === 'head' || !unseen.has(node.name))) {
      elements += 1;
      depth += 1;
      const name = /^[a-z][a-z0-9]*$/.test(node.name) ? node.name : 'span';
      const { attribs } = node;
      const kept = keptAttributes.filter((attribute) => attribs[attribute] !== undefined);
      parts.push(`<${name}${kept.map((key) => ` ${key}="${escapeXml(attribs[key].slice(0, 2_000))}"`).join('')}>`);
      stack.push(`</${name}>`);
      for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index]);
    }
    if (elements > readableAs.elements || depth > readableAs.depth || characters > readableAs.characters) {
      throw new Error('Too large.');
    }
  }
  return parts.join('');
}

function paragraphsOf(article: ArticleNode): string {
  const paragraphs: string[] = [];
  let words = '';
  let heading = false;
  const end = () => {
    const line = oneLine(words, bounds.text);
    if (line !== '') paragraphs.push(heading ? `## ${line}` : line);
    words = '';
  };
  const visit = (node: ArticleNode) => {
    if (node.nodeType === textNode) return void (words += node.textContent);
    const name = node.localName ?? '';
    if (inline.has(name)) return node.childNodes.forEach(visit);
    end();
    const outer = heading;
    heading = /^h[1-6]$/.test(name);
    node.childNodes.forEach(visit);
    end();
    heading = outer;
  };
  visit(article);
  const text = paragraphs.join('\n\n');
  return text.length <= bounds.text ? text : text.slice(0, text.lastIndexOf('\n\n', bounds.text)).trim();
}

/** Runs of non-space characters with a letter or a digit in them. */
function countWords(text: string): number {
  let words = 0;
  for (const [run] of text.matchAll(/\S+/g)) if (/[\p{L}\p{N}]/u.test(run)) words++;
  return words;
}

function titleOf(elements: readonly Element[]): string | null {
  // An <svg> has titles of its own.
  const title = elements.find(
    ({ name, parent }) => name === 'title' && !(parent && 'name' in parent && parent.name === 'svg'),
  );
  return title === undefined ? null : oneLine(textOf(title), bounds.title) || null;
}

function metaOf(elements: readonly Element[], wanted: string): string | null {
  const meta = elements.find(
    ({ name, attribs }) =>
      name === 'meta' && (attribs.name ?? attribs.property)?.toLowerCase() === wanted && attribs.content?.trim(),
  );
  return meta === undefined ? null : oneLine(meta.attribs.content, bounds.description) || null;
}

function canonicalOf(elements: readonly Element[], from: URL): string | null {
  const link = elements.find(
    ({ name, attribs }) => name === 'link' && /(^|\s)canonical(\s|$)/i.test(attribs.rel ?? '') && attribs.href,
  );
  const canonical = link === undefined ? null : normalizeUrl(link.attribs.href, from);
  return canonical !== null && canonical.length <= bounds.url ? canonical : null;
}

function linksOf(anchors: readonly Element[], from: URL): string[] {
  const links = new Set<string>();
  for (const anchor of anchors) {
    if (links.size >= bounds.links) break;
    const link = normalizeUrl(anchor.attribs.href, from);
    if (link !== null && link.length <= bounds.url) links.add(link);
  }
  return [...links];
}
