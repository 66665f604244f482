import MarkdownIt, { type Token } from 'markdown-it';
import { createElement, Fragment, type ReactNode } from 'react';
import { texts } from '../texts.js';
import classes from './article-view.module.css';

// As the public site reads it: libs/content/text/markdown-parser.ts and apps/api/src/site/render-markdown.ts. A test compares the two.
const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: 20, typographer: true });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
parser.linkify.add('//', null);

const allowed = new Set([
  ...['h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'ul', 'ol', 'li'],
  ...['strong', 'em', 's', 'thead', 'tbody', 'tr', 'th', 'td'],
]);

/** A text that anybody may have written, as elements: whatever stands in it, no HTML is made of it. */
export function Markdown({ text }: { readonly text: string }) {
  return rendered(parser.parse(text, {}));
}

interface Open {
  readonly token: Token | null;
  readonly children: ReactNode[];
}

function rendered(tokens: readonly Token[]): ReactNode {
  const root: Open = { token: null, children: [] };
  const open = [root];
  for (const token of tokens) {
    const parent = open.at(-1) ?? root;
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === 0) parent.children.push(leaf(token));
    else {
      const closed = open.length > 1 ? open.pop() : undefined;
      if (closed?.token) (open.at(-1) ?? root).children.push(element(closed.token, closed.children));
    }
  }
  return createElement(Fragment, null, ...root.children);
}

function element(token: Token, children: readonly ReactNode[]): ReactNode {
  // Paragraphs of tight lists have no element of their own.
  if (token.hidden) return createElement(Fragment, null, ...children);
  if (token.tag === 'a') return linkTo(String(token.attrGet('href') ?? ''), children);
  if (token.tag === 'table') return <Table>{createElement('table', null, ...children)}</Table>;
  // The title is the one heading of the first level.
  const tag = token.tag === 'h1' ? 'h2' : token.tag;
  if (!allowed.has(tag)) return createElement(Fragment, null, ...children);
  const start = Number(token.attrGet('start') ?? 1);
  return createElement(tag, tag === 'ol' && start !== 1 ? { start } : null, ...children);
}

/** Only whole addresses are links. */
function linkTo(href: string, children: readonly ReactNode[]): ReactNode {
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return createElement(Fragment, null, ...children);
  return createElement('a', { href, target: '_blank', rel: 'nofollow noopener noreferrer' }, ...children);
}

/** Wide tables scroll by themselves, by keyboard, too. */
function Table({ children }: { readonly children: ReactNode }) {
  return (
    <div className={classes.scroll} role="region" aria-label={texts.article.table} tabIndex={0}>
      {children}
    </div>
  );
}

function leaf({ type, content, children }: Token): ReactNode {
  switch (type) {
    case 'inline':
      return rendered(children ?? []);
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return <br />;
    case 'hr':
      return <hr />;
    case 'code_inline':
      return <code>{content}</code>;
    case 'fence':
    case 'code_block':
      return (
        <pre tabIndex={0}>
          <code>{content}</code>
        </pre>
      );
    default:
      // Text; and of a picture, which would tell somebody else's server who reads, its description.
      return content;
  }
}
