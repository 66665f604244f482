import type { Config } from '@longhaul/config';

/** Addresses of public pages: paths for links within the site, and absolute ones for everybody else. */
export class SiteAddress {
  constructor(private readonly config: Pick<Config, 'PUBLIC_URL'>) {}

  readonly front = '/site';
  readonly search = '/site/search';
  readonly feed = '/site/feed.xml';
  readonly sitemap = '/site/sitemap.xml';

  post(slug: string): string {
    return `/site/posts/${encodeURIComponent(slug)}`;
  }

  tag(tag: string): string {
    return `/site/tags/${encodeURIComponent(tag)}`;
  }

  /** @param file from 1. */
  sitemapFile(file: number): string {
    return `/site/sitemap/${file}.xml`;
  }

  /** As a link within the site: below the path of PUBLIC_URL, if it has one. */
  link(path: string): string {
    return new URL(this.config.PUBLIC_URL).pathname.replace(/\/$/, '') + path;
  }

  absolute(path: string): string {
    return this.config.PUBLIC_URL + path;
  }
}
