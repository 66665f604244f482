import type { EntityManager } from 'typeorm';
import type { ContentState, Decision } from './content-state.js';
import { textOf } from './markdown-text.js';
import { hashOfVersion, type ContentSource } from './version-hash.js';

const rowsAtOnce = 100;

interface ItemRow {
  readonly id: string;
  readonly publishedVersion: number | null;
  /** The newest publishing or unpublishing of the item, by the approval history. */
  readonly decision: Extract<Decision, 'published' | 'unpublished'> | null;
  readonly decidedVersion: number | null;
  /** Whether the history has an approval of the version that the site shows. */
  readonly approved: boolean;
  readonly post: PostText | null;
  /** Columns of the post in which it is not what the item and the history say. */
  readonly differs: readonly string[];
  readonly version: { readonly hash: string; readonly state: ContentState } | null;
}

interface PostText {
  readonly version: number;
  readonly title: string;
  readonly seo_title: string;
  readonly body: string;
  readonly headings: string;
  readonly plain_text: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly sources: readonly ContentSource[];
  readonly tags: readonly string[];
}

/**
 * Compares what the public site shows with the approval history: each published item with the text that was decided on,
 * and nothing else.
 * @param found is told, in a sentence, of everything that is not as it should be.
 * @returns how many items are published.
 */
export async function auditPublished(manager: EntityManager, found: (problem: string) => void): Promise<number> {
  let posts = 0;
  for await (const row of itemsOf(manager)) {
    const problem = problemOf(row);
    if (problem !== null) found(`${problem} (item ${row.id})`);
    if (row.post !== null) posts += 1;
  }
  return posts;
}

function problemOf(row: ItemRow): string | null {
  const { publishedVersion, decision, decidedVersion, approved, post, version } = row;
  const decided = decision === 'published' ? decidedVersion : null;
  if (post === null) {
    if (decided !== null) return `The site does not show version ${decided}, which was published.`;
    return publishedVersion === null
      ? null
      : `Version ${publishedVersion} is marked as published, and nobody decided so.`;
  }
  if (decided === null) return `The site shows version ${post.version}, and nobody decided so.`;
  if (decided !== post.version || publishedVersion !== decided) {
    return `The site shows version ${post.version}, and version ${decided} was published.`;
  }
  if (!approved) return `The site shows version ${decided}, which nobody approved.`;
  if (version?.state !== 'PUBLISHED') return `The site shows version ${decided}, whose state is ${version?.state}.`;
  if (!isTextOf(version, post)) return `The site shows another text than version ${decided} has.`;
  if (!isSearchedText(post)) return `Searches look through another text than version ${decided} has.`;
  return row.differs.length === 0
    ? null
    : `The site shows version ${decided} with another ${row.differs.join(', ')} than was decided.`;
}

function isTextOf({ hash }: NonNullable<ItemRow['version']>, post: PostText): boolean {
  const { title, body, sources, tags, description, keywords } = post;
  const seo = { title: post.seo_title, description, keywords };
  return hashOfVersion({ title, body, sources, seo, tags }) === hash;
}

/** A release that reads texts in another way finds posts that were published before it: they are to be published again. */
function isSearchedText({ body, headings, plain_text }: PostText): boolean {
  const text = textOf(body);
  return text.headings === headings && text.plainText === plain_text;
}

async function* itemsOf(manager: EntityManager): AsyncGenerator<ItemRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await manager.query<ItemRow[]>(
      `SELECT item.id, item.published_version AS "publishedVersion", newest.decision, newest.version AS "decidedVersion",
              EXISTS (SELECT FROM content_reviews WHERE item_id = post.item_id AND version = post.version
                        AND decision = 'approved') AS approved,
              CASE WHEN post.item_id IS NOT NULL
                THEN jsonb_build_object('version', post.version, 'title', post.title, 'seo_title', post.seo_title,
                                        'body', post.body, 'headings', post.headings, 'plain_text', post.plain_text,
                                        'description', post.description, 'keywords', post.keywords,
                                        'sources', post.sources, 'tags', post.tags) END AS post,
              array_remove(ARRAY[CASE WHEN post.slug IS DISTINCT FROM item.slug THEN 'slug' END,
                                 CASE WHEN post.format <> item.format THEN 'format' END,
                                 CASE WHEN post.language <> item.language THEN 'language' END,
                                 CASE WHEN post.first_published_at IS DISTINCT FROM first.at THEN 'first_published_at' END,
                                 CASE WHEN post.published_at IS DISTINCT FROM newest.at THEN 'published_at' END],
                           NULL) AS differs,
              CASE WHEN version.number IS NOT NULL
                THEN jsonb_build_object('hash', version.hash, 'state', version.state) END AS version
       FROM (SELECT id, published_version, slug, format, language FROM content_items WHERE id > $1 ORDER BY id LIMIT $2) item
       LEFT JOIN published_posts post ON post.item_id = item.id
       LEFT JOIN LATERAL (SELECT min(at) AS at FROM content_reviews
                          WHERE item_id = item.id AND decision = 'published') first ON true
       LEFT JOIN LATERAL (SELECT decision, version, at FROM content_reviews
                          WHERE item_id = item.id AND decision IN ('published', 'unpublished')
                          ORDER BY seq DESC LIMIT 1) newest ON true
       LEFT JOIN content_versions version ON version.item_id = item.id AND version.number = post.version
       ORDER BY item.id`,
      [after, rowsAtOnce],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}
