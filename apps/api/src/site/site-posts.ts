import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cache, type Lookup } from '@longhaul/cache';
import {
  PostReader,
  PostSearch,
  SiteEpoch,
  type Post,
  type PostPage,
  type PostPosition,
  type SearchPage,
  type SearchPosition,
  type TagCount,
} from '@longhaul/content';
import { renderingVersion, renderMarkdown } from './render-markdown.js';

/** Letters, digits and hyphens: nothing else was ever given as a slug. */
const slugPattern = /^[\p{L}\p{N}-]{1,120}$/u;
const longestTag = 100;
/** The most that one file of a sitemap may have, by sitemaps.org. */
export const sitemapSize = 50_000;
const knownTags = 40;
/** Posts of a page, unless somebody asks for another number. */
export const pageSize = 20;

/** What is public, out of the cache where it can be: pages, feeds and JSON all read it here. */
@Injectable()
export class SitePosts {
  constructor(
    private readonly reader: PostReader,
    private readonly finder: PostSearch,
    private readonly cache: Cache,
    private readonly epoch: SiteEpoch,
  ) {}

  async post(slug: string): Promise<Post | null> {
    if (!slugPattern.test(slug)) return null;
    return this.kept({ key: `post:${slug}`, load: () => this.reader.bySlug(slug) });
  }

  /** The body of a post as HTML; rendered once, whatever else is published. */
  async rendered({ body }: Post): Promise<string> {
    const hash = createHash('sha256').update(body).digest('base64url');
    const load = () => Promise.resolve(renderMarkdown(body));
    return (await this.cache.get({ tier: 'content', key: `html:${renderingVersion}:${hash}`, load })) ?? '';
  }

  async newest(limit: number, after?: PostPosition): Promise<PostPage> {
    const place = after === undefined ? 'first' : `${after.at}:${after.itemId}`;
    const load = () => this.reader.newest(limit, { after });
    return (await this.kept({ key: `newest:${limit}:${place}`, load, local: isOdd(limit, after) })) ?? nothing;
  }

  /** Posts of a tag; null when there are none. */
  async tagged(tag: string, limit: number, after?: PostPosition): Promise<PostPage | null> {
    if (tag.length > longestTag || /\p{C}/u.test(tag)) return null;
    const place = after === undefined ? 'first' : `${after.at}:${after.itemId}`;
    const load = async () => {
      const page = await this.reader.newest(limit, { tag, after });
      return page.posts.length === 0 ? null : page;
    };
    return this.kept({ key: `tag:${limit}:${place}:${tag}`, load, local: isOdd(limit, after) });
  }

  /** How a topic is written; as it was given, when there is no such topic. */
  async spelling(tag: string): Promise<string> {
    return (await this.kept({ key: `spelling:${tag}`, load: () => this.reader.spelling(tag) })) ?? tag;
  }

  async search(typed: string, limit: number, after?: SearchPosition): Promise<SearchPage> {
    const place = after === undefined ? 'first' : `${after.byText}:${after.rank}:${after.itemId}`;
    const load = () => this.finder.search(typed, limit, after);
    const key = `search:${limit}:${place}:${typed}`;
    return (await this.kept({ tier: 'query', key, load, local: true })) ?? { posts: [], next: null, corrected: null };
  }

  async tags(): Promise<readonly TagCount[]> {
    return (await this.kept({ key: 'tags', load: () => this.reader.tags(knownTags) })) ?? [];
  }

  /** Files that a sitemap takes, 1 at least. */
  async sitemapFiles(): Promise<number> {
    const posts = (await this.kept({ tier: 'metrics', key: 'count', load: () => this.reader.count() })) ?? 0;
    return Math.max(1, Math.ceil(posts / sitemapSize));
  }

  async addresses(file: number): Promise<Awaited<ReturnType<PostReader['addresses']>>> {
    const load = () => this.reader.addresses(file, sitemapSize);
    return (await this.kept({ tier: 'query', key: `addresses:${file}`, load, local: true })) ?? [];
  }

  /** Kept for this epoch alone: whatever is published or taken down begins another one. */
  private kept<T>(lookup: Omit<Lookup<T>, 'tier' | 'version'> & Partial<Pick<Lookup<T>, 'tier'>>): Promise<T | null> {
    return this.cache.get({ tier: 'content', ...lookup, version: this.epoch.current() });
  }
}

/** Only a first page of the usual length has a key that no stranger could have made up: the others stay out of Redis. */
function isOdd(limit: number, after: PostPosition | undefined): boolean {
  return limit !== pageSize || after !== undefined;
}

const nothing: PostPage = { posts: [], next: null };
