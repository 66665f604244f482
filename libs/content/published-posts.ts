import type { EntityManager } from 'typeorm';
import type { ContentReviewEntity } from './content-review.entity.js';
import type { ContentVersionEntity } from './content-version.entity.js';
import { textOf } from './markdown-text.js';

/** PostgreSQL channel on which the processes of the site hear the number of the decision that changed it. */
export const siteChannel = 'longhaul_site';

/**
 * Makes a version the one that the public site shows, in place of an older one.
 * @param review the decision by which it is published.
 */
export async function showVersion(
  manager: EntityManager,
  version: ContentVersionEntity,
  review: ContentReviewEntity,
): Promise<void> {
  const { itemId, number, body } = version;
  const { headings, plainText } = textOf(body);
  const rows = await manager.query<unknown[]>(
    `INSERT INTO published_posts
       (item_id, version, slug, title, seo_title, description, keywords, body, headings, plain_text, sources, tags, format, language,
        first_published_at, published_at)
     SELECT item.id, version.number, item.slug, version.title, version.seo ->> 'title', version.seo ->> 'description',
            ARRAY(SELECT jsonb_array_elements_text(version.seo -> 'keywords')), version.body, $3, $4, version.sources,
            version.tags, item.format, item.language,
            -- The row itself was removed whenever the item was unpublished; the history remembers.
            (SELECT min(at) FROM content_reviews WHERE item_id = item.id AND decision = 'published'), $5
     FROM content_items item JOIN content_versions version ON version.item_id = item.id
     WHERE item.id = $1 AND version.number = $2
     ON CONFLICT (item_id) DO UPDATE SET
       (version, slug, title, seo_title, description, keywords, body, headings, plain_text, sources, tags, format, language,
        published_at) =
       (excluded.version, excluded.slug, excluded.title, excluded.seo_title, excluded.description, excluded.keywords, excluded.body,
        excluded.headings, excluded.plain_text, excluded.sources, excluded.tags, excluded.format, excluded.language,
        excluded.published_at)
     RETURNING item_id`,
    [itemId, number, headings, plainText, review.at],
  );
  if (rows.length === 0) throw new Error(`There is no version ${number} of ${itemId}.`);
  await tellSite(manager, review);
}

/** Takes an item off the public site. */
export async function hideItem(manager: EntityManager, review: ContentReviewEntity): Promise<void> {
  await manager.query('DELETE FROM published_posts WHERE item_id = $1', [review.itemId]);
  await tellSite(manager, review);
}

/** Sent with the commit: whoever hears it sees the change. */
async function tellSite(manager: EntityManager, { seq }: ContentReviewEntity): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [siteChannel, seq]);
}
