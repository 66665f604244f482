import type { EntityManager } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { hashOfVersion } from './version-hash.js';

/** Select list that turns columns of `content_versions` into the properties of {@link ContentVersionEntity}. */
export function versionColumns(alias: string): string {
  return `${alias}.item_id AS "itemId", ${alias}.number, ${alias}.state, ${alias}.origin, ${alias}.parent,
    ${alias}.author_id AS "authorId", ${alias}.task_id AS "taskId", ${alias}.step, ${alias}.reason, ${alias}.title,
    ${alias}.body, ${alias}.sources, ${alias}.seo, ${alias}.tags, ${alias}.hash, ${alias}.quality, ${alias}.generator,
    ${alias}.created_at AS "createdAt"`;
}

/** A version, or null. */
export async function findVersion(
  manager: EntityManager,
  itemId: string,
  number: number,
): Promise<ContentVersionEntity | null> {
  const [version = null] = await manager.query<ContentVersionEntity[]>(
    `SELECT ${versionColumns('version')} FROM content_versions version WHERE item_id = $1 AND number = $2`,
    [itemId, number],
  );
  return version;
}

/** The version that a step of a task has made, or null. */
export async function versionMadeBy(
  manager: EntityManager,
  taskId: string,
  step: string,
): Promise<ContentVersionEntity | null> {
  const [made = null] = await manager.query<ContentVersionEntity[]>(
    `SELECT ${versionColumns('version')} FROM content_versions version WHERE task_id = $1 AND step = $2`,
    [taskId, step],
  );
  return made;
}

/**
 * Locks an item until the end of the transaction: all changes of its versions and of their states come one after the
 * other. Take it before any other lock of content. @returns null when there is none.
 */
export function holdItem(manager: EntityManager, itemId: string): Promise<ContentItemEntity | null> {
  return manager.findOne(ContentItemEntity, { where: { id: itemId }, lock: { mode: 'for_no_key_update' } });
}

/** A version as it is made; its number is the next one of its item. */
export type VersionToMake = Omit<ContentVersionEntity, 'number' | 'hash' | 'createdAt'>;

/**
 * Writes the next version of an item, under the item's row lock: numbers have no gaps, and whoever edits or decides at
 * the same moment comes before or after. A version that awaited approval is superseded.
 */
export async function nextVersion(manager: EntityManager, version: VersionToMake): Promise<ContentVersionEntity> {
  const { itemId } = version;
  await manager.query(
    `UPDATE content_items SET latest_version = latest_version + 1, tags = $2, updated_at = now() WHERE id = $1`,
    [itemId, version.tags],
  );
  await manager.query(
    `UPDATE content_versions SET state = 'DRAFT' WHERE item_id = $1 AND state = 'AWAITING_APPROVAL'`,
    [itemId],
  );
  const [made] = await manager.query<ContentVersionEntity[]>(
    `INSERT INTO content_versions AS version
       (item_id, number, state, origin, parent, author_id, task_id, step, reason, title, body, sources, seo, tags, hash,
        generator, quality)
     SELECT item.id, item.latest_version, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
     FROM content_items item WHERE item.id = $1
     RETURNING ${versionColumns('version')}`,
    [
      itemId,
      version.state,
      version.origin,
      version.parent,
      version.authorId,
      version.taskId,
      version.step,
      version.reason,
      version.title,
      version.body,
      JSON.stringify(version.sources),
      version.seo === null ? null : JSON.stringify(version.seo),
      version.tags,
      hashOfVersion(version),
      version.generator === null ? null : JSON.stringify(version.generator),
      version.quality === null ? null : JSON.stringify(version.quality),
    ],
  );
  if (made === undefined) throw new Error(`There is no item ${itemId}.`);
  return made;
}
