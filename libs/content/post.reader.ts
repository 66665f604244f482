import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import { summaryColumns, type Post, type PostSummary } from './published-post.js';

/** Where a page of the newest posts ended. */
export interface PostPosition {
  /** First publication, in microseconds since 1970: two posts may share a millisecond. */
  readonly at: string;
  readonly itemId: string;
}

/** A page of posts, the newest first. */
export interface PostPage {
  readonly posts: readonly PostSummary[];
  /** Where the next page begins; null: this is the last one. */
  readonly next: PostPosition | null;
}

export interface TagCount {
  readonly tag: string;
  readonly posts: number;
}

/** For a sitemap. */
export interface PostAddress {
  readonly slug: string;
  readonly publishedAt: string;
}

const micros = `(extract(epoch FROM post.first_published_at) * 1000000)::bigint::text`;

/** Reads what is public: `published_posts`, and no other table. */
@Injectable()
export class PostReader {
  constructor(private readonly source: DataSource) {}

  /** Posts by first publication, the newest first: a new version keeps its place. @param limit of the page. */
  async newest(
    limit: number,
    { tag, after }: { readonly tag?: string; readonly after?: PostPosition | undefined } = {},
  ): Promise<PostPage> {
    const rows = await preparedQuery<PostSummary & PostPosition>(
      this.source.manager,
      `SELECT ${summaryColumns('post')}, ${micros} AS at, post.item_id AS "itemId"
       FROM published_posts post
       WHERE ($2::text IS NULL OR lower_tags(post.tags) @> ARRAY[lower($2)])
         AND ($3::bigint IS NULL OR (post.first_published_at, post.item_id) <
              (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
       ORDER BY post.first_published_at DESC, post.item_id DESC LIMIT $1`,
      [limit + 1, tag ?? null, after?.at ?? null, after?.itemId ?? null],
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      posts: rows.slice(0, limit).map(({ at: _at, itemId: _id, ...summary }) => summary),
      next: last === undefined ? null : { at: last.at, itemId: last.itemId },
    };
  }

  async bySlug(slug: string): Promise<Post | null> {
    const [post] = await preparedQuery<Post>(
      this.source.manager,
      `SELECT ${summaryColumns('post')}, post.item_id AS "itemId", post.version, post.seo_title AS "seoTitle",
              post.keywords, post.body, post.sources, post.format
       FROM published_posts post WHERE post.slug = $1`,
      [slug],
    );
    return post ?? null;
  }

  /** How a topic is written by most of its posts; null: it has none. */
  async spelling(tag: string): Promise<string | null> {
    const [topic] = await preparedQuery<{ tag: string }>(
      this.source.manager,
      `SELECT tag FROM published_posts, unnest(tags) tag
       WHERE lower_tags(tags) @> ARRAY[lower($1)] AND lower(tag) = lower($1)
       GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 1`,
      [tag],
    );
    return topic?.tag ?? null;
  }

  /** The topics of the most posts first: tags whatever their case, as most of their posts write them. */
  tags(limit: number): Promise<TagCount[]> {
    return preparedQuery<{ tag: string; posts: number }>(
      this.source.manager,
      `SELECT (array_agg(tag ORDER BY count DESC, tag))[1] AS tag, sum(count)::integer AS posts FROM (
         SELECT tag, count(*) AS count FROM published_posts, unnest(tags) tag GROUP BY tag) spelling
       GROUP BY lower(tag) ORDER BY posts DESC, tag LIMIT $1`,
      [limit],
    );
  }

  async count(): Promise<number> {
    const [row] = await preparedQuery<{ posts: number }>(
      this.source.manager,
      `SELECT count(*)::integer AS posts FROM published_posts`,
      [],
    );
    return row?.posts ?? 0;
  }

  /** The n-th portion of all addresses, the oldest first: a full portion changes no more by what is published later. */
  addresses(portion: number, size: number): Promise<PostAddress[]> {
    return preparedQuery<{ slug: string; publishedAt: string }>(
      this.source.manager,
      `SELECT page.slug, page."publishedAt" FROM (
         SELECT ${summaryColumns('post')}, post.item_id, post.first_published_at FROM published_posts post
         ORDER BY post.first_published_at, post.item_id OFFSET $1 LIMIT $2) page
       ORDER BY page.first_published_at, page.item_id`,
      [(portion - 1) * size, size],
    );
  }
}
