import type { PostSummary, SnippetPart } from '@longhaul/content';
import { html, type Html, type Part } from '../html.js';
import type { SiteAddress } from '../site-address.js';
import { inLanguage, tagLinks, time } from './layout.js';

/** Posts one below the other. @param text what stands below a title; its description unless given. */
export function postList<P extends PostSummary>(
  address: SiteAddress,
  posts: readonly P[],
  text: (post: P) => Part = ({ description }) => description,
): Html {
  return html`<ol class="posts">
    ${posts.map(
      (post) =>
        html`<li>
          <article>
            <p class="when">${time(post.firstPublishedAt)}</p>
            <h2 ${inLanguage(post.language)}><a href="${address.link(address.post(post.slug))}">${post.title}</a></h2>
            <p ${inLanguage(post.language)}>${text(post)}</p>
            ${tagLinks(address, post.tags.slice(0, 4))}
          </article>
        </li>`,
    )}
  </ol>`;
}

/** A snippet with its matches marked. */
export function snippet(parts: readonly SnippetPart[]): Html {
  const startsWithin = /^\p{Ll}/u.test(parts[0]?.text ?? '');
  const endsWithin = !/[.!?]$/.test(parts.at(-1)?.text ?? '.');
  return html`${startsWithin && '… '}${parts.map(({ text, match }) => (match ? html`<mark>${text}</mark>` : text))}${endsWithin && ' …'}`;
}

/** The way to the page behind this one. @param href none: this is the last one. */
export function older(href: string | null, label: string): Html | false {
  if (href === null) return false;
  return html`<nav class="more" aria-label="Pages"><a rel="next" href="${href}">${label} →</a></nav>`;
}
