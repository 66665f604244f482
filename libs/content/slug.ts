import type { EntityManager } from 'typeorm';
import type { ContentItemEntity } from './content-item.entity.js';

/** Characters. */
const longestSlug = 80;

/** Serialises all who give slugs; the number is arbitrary and must never change. */
const slugLock = 7_311_044_084;

/** A title as part of an address: lower case, words of letters and digits joined by hyphens, accents left out. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-');
  // By whole characters: a half of one is none that an address may have.
  return (
    Array.from(words)
      .slice(0, longestSlug)
      .join('')
      .replace(/^-+|-+$/g, '') || 'post'
  );
}

/** Gives a held item its slug, by the title of its first version that people may decide on; it keeps the one it has. */
export async function giveSlug(
  manager: EntityManager,
  { id, slug }: Pick<ContentItemEntity, 'id' | 'slug'>,
  title: string,
): Promise<void> {
  if (slug !== null) return;
  await manager.query('UPDATE content_items SET slug = $2 WHERE id = $1', [id, await slugFor(manager, title, id)]);
}

/**
 * The slug of a title, with a number behind it while another item has that one. Until the end of the transaction nobody
 * else gets a slug: another title may lead to the same one, as "word 2" and a second "word" do. Take it late.
 */
async function slugFor(manager: EntityManager, title: string, itemId: string): Promise<string> {
  const wanted = slugOf(title);
  await manager.query('SELECT pg_advisory_xact_lock($1)', [slugLock]);
  // A statement of its own: its snapshot is taken behind the lock.
  const rows = await manager.query<{ slug: string }[]>(
    `SELECT slug FROM content_items WHERE id <> $1 AND (slug = $2 OR slug LIKE $3)`,
    [itemId, wanted, `${wanted.replace(/[\\%_]/g, '\\$&')}-%`],
  );
  const taken = new Set(rows.map(({ slug }) => slug));
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}
