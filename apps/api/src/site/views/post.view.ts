import { listsSources, type Post, type PostSummary } from '@longhaul/content';
import { html, trusted, type Html } from '../html.js';
import { document, inLanguage, languageTag, tagLinks, time, type Site } from './layout.js';

const wordsPerMinute = 220;

/** One post. @param body its rendered text. @param related posts of the same topic. */
export function postPage(site: Site, post: Post, body: string, related: readonly PostSummary[]): string {
  const { address } = site;
  const updated = post.publishedAt.slice(0, 10) > post.firstPublishedAt.slice(0, 10);
  return document(site, {
    title: post.seoTitle,
    description: post.description,
    canonical: address.post(post.slug),
    type: 'article',
    head: articleHead(post),
    structured: structured(site, post),
    main: html`<article class="post narrow">
        <header>
          <p class="when">
            ${time(post.firstPublishedAt)} ${updated && html`· updated ${time(post.publishedAt)}`} ·
            ${minutes(post.body)} min read
          </p>
          <h1 ${inLanguage(post.language)}>${post.title}</h1>
          <p class="standfirst" ${inLanguage(post.language)}>${post.description}</p>
        </header>
        <div class="prose" ${inLanguage(post.language)}>${trusted(body)}</div>
        <footer>${sources(post)} ${tagLinks(address, post.tags)}</footer>
      </article>
      ${related.length > 0 && relatedPosts(site, related)}`,
  });
}

function minutes(text: string): number {
  return Math.max(1, Math.round(text.split(/\s+/).length / wordsPerMinute));
}

/** What a text rests on that does not list it itself: two lists would contradict each other after an edit. */
function sources({ sources: cited, body }: Post): Html | false {
  if (cited.length === 0 || listsSources(body)) return false;
  return html`<section class="sources" aria-labelledby="sources">
    <h2 id="sources">Sources</h2>
    <ol>
      ${cited.map(({ title, url }) => html`<li dir="auto">${sourceLink(title, url)}</li>`)}
    </ol>
  </section>`;
}

/** Sources come from strangers: only addresses of the web become links. */
function sourceLink(title: string, url: string | null | undefined): Html {
  const isWeb = typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isWeb) return html`${title}`;
  return html`<a href="${new URL(url).href}" rel="nofollow noopener">${title || url}</a>
    <span class="host">${new URL(url).host}</span>`;
}

function relatedPosts({ address }: Site, related: readonly PostSummary[]): Html {
  return html`<aside class="related narrow" aria-labelledby="related">
    <h2 id="related">Read on</h2>
    <ul>
      ${related.map(
        (post) =>
          html`<li ${inLanguage(post.language)}>
            <a href="${address.link(address.post(post.slug))}">${post.title}</a>
            <span class="when">${time(post.firstPublishedAt)}</span>
          </li>`,
      )}
    </ul>
  </aside>`;
}

function articleHead({ firstPublishedAt, publishedAt, tags, keywords }: Post): Html {
  return html`<meta property="article:published_time" content="${firstPublishedAt}" />
    <meta property="article:modified_time" content="${publishedAt}" />
    ${tags.map((tag) => html`<meta property="article:tag" content="${tag}" />`)}
    ${keywords.length > 0 && html`<meta name="keywords" content="${keywords.join(', ')}" />`}`;
}

function structured({ name, address }: Site, post: Post): object {
  const publisher = { '@type': 'Organization', name, url: address.absolute(address.front) };
  const url = address.absolute(address.post(post.slug));
  return {
    '@context': 'https://schema.org',
    '@type': post.format === 'blog_post' ? 'BlogPosting' : 'Article',
    headline: post.title,
    description: post.description,
    datePublished: post.firstPublishedAt,
    dateModified: post.publishedAt,
    inLanguage: languageTag(post.language),
    keywords: [...new Set([...post.keywords, ...post.tags])].join(', '),
    url,
    mainEntityOfPage: url,
    author: publisher,
    publisher,
    citation: post.sources.flatMap(({ title, url: source }) =>
      source ? [{ '@type': 'WebPage', name: title, url: source }] : [],
    ),
  };
}
