import type { PostPage, TagCount } from '@longhaul/content';
import { html, type Html } from '../html.js';
import { cursorOf } from '../post-cursor.js';
import { document, inLanguage, tagLinks, time, type Site } from './layout.js';
import { topics } from './topics.js';
import { older, postList } from './post-list.js';

/** The newest posts. @param isFirst the first page opens with its newest post. */
export function frontPage(site: Site, page: PostPage, tags: readonly TagCount[], isFirst: boolean): string {
  const { address } = site;
  const [lead, ...others] = isFirst ? page.posts : [];
  const next = page.next === null ? null : `${address.link(address.front)}?after=${cursorOf(page.next)}`;
  return document(site, {
    title: isFirst ? site.name : 'Earlier articles',
    description: site.description,
    ...(isFirst && { canonical: address.front, structured: structured(site) }),
    main: html`<div class="wide">
      <h1 class="${isFirst ? 'hidden' : 'page-title'}">${isFirst ? site.name : 'Earlier articles'}</h1>
      ${lead && leadArticle(site, lead)}
      <div class="columns">
        <section aria-label="Articles">
          ${page.posts.length === 0 && html`<p class="nothing">Nothing has been published yet.</p>`}
          ${postList(address, isFirst ? others : page.posts)} ${older(next, 'Earlier articles')}
        </section>
        ${tags.length > 0 && topics(site, tags)}
      </div>
    </div>`,
  });
}

function leadArticle({ address }: Site, post: PostPage['posts'][number]): Html {
  return html`<article class="lead">
    <p class="when">${time(post.firstPublishedAt)}</p>
    <h2 ${inLanguage(post.language)}><a href="${address.link(address.post(post.slug))}">${post.title}</a></h2>
    <p ${inLanguage(post.language)}>${post.description}</p>
    ${tagLinks(address, post.tags.slice(0, 4))}
  </article>`;
}

function structured({ name, description, address }: Site): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'WebSite',
    name,
    description,
    url: address.absolute(address.front),
    potentialAction: {
      '@type': 'SearchAction',
      target: `${address.absolute(address.search)}?q={search_term_string}`,
      'query-input': 'required name=search_term_string',
    },
  };
}
