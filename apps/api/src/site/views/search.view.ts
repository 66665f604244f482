import type { SearchPage, TagCount } from '@longhaul/content';
import { html, type Html } from '../html.js';
import { cursorOf } from '../post-cursor.js';
import { document, type Site } from './layout.js';
import { older, postList, snippet } from './post-list.js';
import { topics } from './topics.js';

/** Results of a search; without words, a field to type them in, and the topics. */
export function searchPage(site: Site, typed: string, page: SearchPage, tags: readonly TagCount[]): string {
  const { address } = site;
  // Results of other words go on with those.
  const query = new URLSearchParams({ q: page.corrected ?? typed });
  if (page.next !== null) query.set('after', cursorOf(page.next));
  const next = page.next === null ? null : `${address.link(address.search)}?${query.toString()}`;
  return document(site, {
    title: typed === '' ? 'Search' : `Search: ${typed}`,
    description: `Search the articles of ${site.name}.`,
    searched: typed,
    asksForWords: typed === '',
    main: html`<div class="narrow">
      <p class="eyebrow">Search</p>
      <h1 class="page-title" dir="auto">${typed === '' ? 'What are you looking for?' : typed}</h1>
      ${typed !== '' && note(site, page)}
      ${page.posts.length > 0 && postList(address, page.posts, ({ snippet: parts }) => snippet(parts))}
      ${older(next, 'More results')} ${typed === '' && tags.length > 0 && topics(site, tags)}
    </div>`,
  });
}

function note({ address }: Site, { posts, corrected }: SearchPage): Html | false {
  if (posts.length === 0) {
    return html`<p class="nothing">
      No article has these words. Try fewer or other ones, or look through
      <a href="${address.link(address.front)}">all articles</a>.
    </p>`;
  }
  if (corrected === null) return false;
  const href = `${address.link(address.search)}?${new URLSearchParams({ q: corrected }).toString()}`;
  return html`<p class="note">
    No article has these words. Did you mean <a href="${href}"><bdi>${corrected}</bdi></a
    >? These articles have them:
  </p>`;
}
