import type { EntityManager } from 'typeorm';
import type { ContentVersionEntity } from './content-version.entity.js';

/**
 * All who wrote something of a version that is new since the last approval: the authors along its parents, back to the
 * one that was approved. Who only saved a text again, or brought it back, has written nothing. By hashes, which cover all
 * that people write.
 */
export async function authorsOf(manager: EntityManager, { itemId, number }: ContentVersionEntity): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH RECURSIVE line AS (
       SELECT item_id, number, parent, origin, author_id, hash FROM content_versions WHERE item_id = $1 AND number = $2
       UNION
       SELECT older.item_id, older.number, older.parent, older.origin, older.author_id, older.hash
       FROM line
       JOIN content_versions brought ON brought.item_id = line.item_id AND brought.number = line.parent
       -- What is brought back without search metadata takes over those of the newest version.
       JOIN content_versions older ON older.item_id = line.item_id AND (older.number = line.parent
         OR (line.origin = 'rollback' AND brought.seo IS NULL AND older.number = line.number - 1))
       WHERE NOT EXISTS (SELECT FROM content_reviews review WHERE review.item_id = older.item_id
                           AND review.version = older.number AND review.decision = 'approved')
     )
     SELECT DISTINCT line.author_id AS id FROM line
     LEFT JOIN content_versions parent ON parent.item_id = line.item_id AND parent.number = line.parent
     WHERE line.hash IS DISTINCT FROM parent.hash`,
    [itemId, number],
  );
  return rows.map(({ id }) => id);
}
