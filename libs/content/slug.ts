import type { EntityManager } from 'typeorm';

const longestSlug = 80;

/** A title as part of an address: lower case, words of letters and digits joined by hyphens, accents left out. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, longestSlug);
  return words.replace(/^-+|-+$/g, '') || 'post';
}

/** The slug of a title, with a number behind it while another item has that one. */
export async function slugFor(manager: EntityManager, title: string, itemId: string): Promise<string> {
  const wanted = slugOf(title);
  // Two items of one title are rare, and their slugs are given one after the other.
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('slug ' || $1, 0))`, [wanted]);
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
