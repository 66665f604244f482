import type { ContentFormat } from './content-state.js';
import type { ContentSource } from './version-hash.js';

/** What a list says of a post. Times are RFC 3339, so that an answer survives a cache. */
export interface PostSummary {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** A text search configuration of PostgreSQL. */
  readonly language: string;
  readonly firstPublishedAt: string;
  /** Of the version that is shown. */
  readonly publishedAt: string;
}

/** A whole post. */
export interface Post extends PostSummary {
  readonly itemId: string;
  readonly version: number;
  /** The title for search engines and for links to the post. */
  readonly seoTitle: string;
  readonly keywords: readonly string[];
  /** Markdown. */
  readonly body: string;
  readonly sources: readonly ContentSource[];
  readonly format: ContentFormat;
}

/** Select list that turns columns of `published_posts` into the properties of {@link PostSummary}. */
export function summaryColumns(alias: string): string {
  return `${alias}.slug, ${alias}.title, ${alias}.description, ${alias}.tags, ${alias}.language::text AS language,
    ${wireTime(`${alias}.first_published_at`)} AS "firstPublishedAt", ${wireTime(`${alias}.published_at`)} AS "publishedAt"`;
}

function wireTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
