import { createHash } from 'node:crypto';

/** Something that a version's text rests on. The body cites it as `[n]`, by its place in the list, from 1. */
export interface ContentSource {
  readonly title: string;
  /** Null for a text that the client gave. */
  readonly url: string | null;
}

/** What search engines and link previews show. */
export interface SeoMetadata {
  /** At most 60 characters. */
  readonly title: string;
  /** At most 160 characters. */
  readonly description: string;
  /** At most 10. */
  readonly keywords: readonly string[];
}

/** All of a version that a reader will see, and a reviewer decides on. */
export interface VersionText {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly sources: readonly ContentSource[];
  readonly seo: SeoMetadata | null;
  readonly tags: readonly string[];
}

/** SHA-256 of a version's text, hexadecimal: a decision names it, so it holds for this text and no other. */
export function hashOfVersion({ title, body, sources, seo, tags }: VersionText): string {
  // Arrays, not objects: the order of the parts is written here, not left to whoever made the objects.
  const parts = [
    title,
    body,
    sources.map((source) => [source.title, source.url]),
    seo === null ? null : [seo.title, seo.description, seo.keywords],
    tags,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
