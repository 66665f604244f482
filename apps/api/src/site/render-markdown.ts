import { markdownParser } from '@longhaul/content';
import sanitizeHtml from 'sanitize-html';
import { clean } from './html.js';

/** Raise it with every change of how a text is rendered. */
export const renderingVersion = 2;

const markdown = markdownParser().set({ typographer: true });
// A picture of somebody else's server would tell it who reads: its description stands there instead.
markdown.renderer.rules.image = (tokens, index) => markdown.utils.escapeHtml(tokens[index]?.content ?? '');
// Wide tables scroll by themselves, by keyboard too, and the page does not.
markdown.renderer.rules.table_open = () =>
  '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>\n';
markdown.renderer.rules.table_close = () => '</table></div>\n';

/** Only whole addresses become links: a relative one would be one of ours. */
function isWhole(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href);
}

function linkTo(href: string): Record<string, string> {
  return { href, rel: 'nofollow noopener' };
}

/**
 * The HTML of a text that anybody may have written. markdown-it makes no element that the text names itself; what it
 * makes is sanitised all the same, so that neither library alone has to be without a fault.
 */
export function renderMarkdown(text: string): string {
  return sanitizeHtml(markdown.render(clean(text)), {
    allowedTags: [
      ...['h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code'],
      ...['strong', 'em', 's', 'a', 'div', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ],
    allowedAttributes: {
      a: ['href', 'rel'],
      ol: ['start'],
      pre: ['tabindex'],
      div: [
        { name: 'class', values: ['scroll'] },
        { name: 'role', values: ['region'] },
        { name: 'tabindex', values: ['0'] },
        { name: 'aria-label', values: ['Table'] },
      ],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    nestingLimit: 40,
    transformTags: {
      // The page's title is its one first-level heading.
      h1: 'h2',
      pre: () => ({ tagName: 'pre', attribs: { tabindex: '0' } }),
      // What leads nowhere is not to look like a link: an element that is not allowed leaves its text.
      a: (_tag, { href = '' }) =>
        isWhole(href) ? { tagName: 'a', attribs: linkTo(href) } : { tagName: 'x', attribs: {} },
    },
  });
}
