import type { EntityManager } from 'typeorm';
import type { ContentState, Decision } from './content-state.js';
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
  readonly version: { readonly hash: string; readonly state: ContentState } | null;
}

interface PostText {
  readonly version: number;
  readonly title: string;
  readonly seo_title: string;
  readonly body: string;
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

function problemOf({ publishedVersion, decision, decidedVersion, approved, post, version }: ItemRow): string | null {
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
  return isTextOf(version, post) ? null : `The site shows another text than version ${decided} has.`;
}

function isTextOf({ hash }: NonNullable<ItemRow['version']>, post: PostText): boolean {
  const { title, body, sources, tags, description, keywords } = post;
  const seo = { title: post.seo_title, description, keywords };
  return hashOfVersion({ title, body, sources, seo, tags }) === hash;
}

async function* itemsOf(manager: EntityManager): AsyncGenerator<ItemRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await manager.query<ItemRow[]>(
      `SELECT item.id, item.published_version AS "publishedVersion", newest.decision, newest.version AS "decidedVersion",
              EXISTS (SELECT FROM content_reviews WHERE item_id = post.item_id AND version = post.version
                        AND decision = 'approved') AS approved,
              to_jsonb(post) AS post,
              CASE WHEN version.number IS NOT NULL
                THEN jsonb_build_object('hash', version.hash, 'state', version.state) END AS version
       FROM (SELECT id, published_version FROM content_items WHERE id > $1 ORDER BY id LIMIT $2) item
       LEFT JOIN (SELECT item_id, version, title, seo_title, body, description, keywords, sources, tags FROM published_posts) post
         ON post.item_id = item.id
       LEFT JOIN LATERAL (SELECT decision, version FROM content_reviews
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
