import { escape, html, jsonLd, trusted, type Html, type Part } from '../html.js';
import { iconPath, stylePath } from '../assets.js';
import type { SiteAddress } from '../site-address.js';

/** What every page of the site needs to know. */
export interface Site {
  readonly name: string;
  readonly description: string;
  readonly address: SiteAddress;
}

/** One page, without what all have in common. */
export interface Page {
  /** Without the site's name. */
  readonly title: string;
  readonly description: string;
  /** Its one address, below PUBLIC_URL; none: it has none, and search engines leave it out. */
  readonly canonical?: string;
  readonly type?: 'website' | 'article';
  /** Further elements of the head. */
  readonly head?: Part;
  /** By schema.org. */
  readonly structured?: object;
  /** What is in the search field. */
  readonly searched?: string;
  /** Whether the page is for nothing but the search field. */
  readonly asksForWords?: boolean;
  readonly main: Part;
}

/** A whole document. */
export function document(site: Site, page: Page): string {
  const { address } = site;
  const isFront = page.canonical === address.front;
  const title = isFront ? site.name : `${page.title} · ${site.name}`;
  return html`<!doctype html>
    <html lang="en" prefix="og: https://ogp.me/ns#">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <meta name="description" content="${page.description}" />
        <meta name="color-scheme" content="light dark" />
        ${discovery(site, page)}
        <link rel="alternate" type="application/rss+xml" title="${site.name}" href="${address.link(address.feed)}" />
        <link rel="icon" type="image/svg+xml" href="${address.link(iconPath)}" />
        <link rel="stylesheet" href="${address.link(stylePath)}" />
        ${page.head} ${page.structured && jsonLd(page.structured)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${header(site, page)}
        <main id="main">${page.main}</main>
        ${footer(site)}
      </body>
    </html> `.toString();
}

function discovery(site: Site, page: Page): Html {
  if (page.canonical === undefined) return html`<meta name="robots" content="noindex" />`;
  const url = site.address.absolute(page.canonical);
  return html`<link rel="canonical" href="${url}" />
    <meta property="og:site_name" content="${site.name}" />
    <meta property="og:type" content="${page.type ?? 'website'}" />
    <meta property="og:title" content="${page.title}" />
    <meta property="og:description" content="${page.description}" />
    <meta property="og:url" content="${url}" />
    <meta name="twitter:card" content="summary" />`;
}

function header({ name, address }: Site, { searched = '', asksForWords = false }: Page): Html {
  return html`<header class="masthead">
    <div class="wide">
      <a class="wordmark" href="${address.link(address.front)}">${name}</a>
      <form class="search" action="${address.link(address.search)}" method="get" role="search">
        <label class="hidden" for="q">Search the articles</label>
        <input
          id="q"
          name="q"
          type="search"
          value="${searched}"
          placeholder="Search"
          maxlength="200"
          required
          ${asksForWords && 'autofocus'}
        />
        <button type="submit">Search</button>
      </form>
    </div>
  </header>`;
}

function footer({ name, description, address }: Site): Html {
  return html`<footer class="colophon">
    <div class="wide">
      <p><strong>${name}</strong> ${description}</p>
      <nav aria-label="Elsewhere">
        <a href="${address.link(address.front)}">All articles</a>
        <a href="${address.link(address.feed)}">RSS</a>
        <a href="${address.link(address.sitemap)}">Sitemap</a>
      </nav>
    </div>
  </footer>`;
}

/** A moment, for people and for programs. @param iso RFC 3339. */
export function time(iso: string): Html {
  const shown = new Date(iso).toLocaleDateString('en', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return html`<time datetime="${iso}">${shown}</time>`;
}

/** Tags of a post, as links. */
export function tagLinks(address: SiteAddress, tags: readonly string[]): Html | false {
  if (tags.length === 0) return false;
  return html`<ul class="tags" aria-label="Tags">
    ${tags.map((tag) => html`<li><a href="${address.link(address.tag(tag))}" rel="tag">${tag}</a></li>`)}
  </ul>`;
}

const languages: Readonly<Record<string, string>> = {
  arabic: 'ar',
  danish: 'da',
  dutch: 'nl',
  english: 'en',
  finnish: 'fi',
  french: 'fr',
  german: 'de',
  greek: 'el',
  hungarian: 'hu',
  italian: 'it',
  norwegian: 'no',
  portuguese: 'pt',
  romanian: 'ro',
  russian: 'ru',
  spanish: 'es',
  swedish: 'sv',
  turkish: 'tr',
};

/** The `lang` of a post: BCP 47 for PostgreSQL's name; undefined where PostgreSQL's says nothing (`simple`). */
export function languageTag(language: string): string | undefined {
  return languages[language];
}

/** Attributes of an element with a text in the language of a post, in whichever direction that is written. */
export function inLanguage(language: string): Html {
  const tag = languageTag(language);
  return trusted(tag === undefined ? 'dir="auto"' : `lang="${escape(tag)}" dir="auto"`);
}
