import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import type { ContentVersionEntity } from './content-version.entity.js';
import type { SourceMaterial } from './source-material.js';
import { findVersion, versionColumns, versionMadeBy } from './version-rows.js';

/** Characters of all sources together that are worked with. */
const mostCharacters = 400_000;
/** Versions before one that tell what people changed: their texts are in memory together. */
export const mostOfHistory = 50;

/** What pipelines read of items and versions. */
@Injectable()
export class DraftReader {
  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  async item(id: string): Promise<ContentItemEntity | null> {
    return this.items.findOneBy({ id });
  }

  /** What the research of an item has kept, in order; what is too much is cut, of all sources alike. */
  async material(itemId: string): Promise<SourceMaterial[]> {
    return this.items.query(
      `SELECT title, url, left(text, ($2 / count(*) OVER ())::int) AS text
       FROM content_material WHERE item_id = $1 ORDER BY place`,
      [itemId, mostCharacters],
    );
  }

  /** Places of the sources that the research of an item has kept. */
  async placesKept(itemId: string): Promise<number[]> {
    const rows = await this.items.query<{ place: number }[]>(`SELECT place FROM content_material WHERE item_id = $1`, [
      itemId,
    ]);
    return rows.map(({ place }) => place);
  }

  /** A version, or null. */
  version(itemId: string, number: number): Promise<ContentVersionEntity | null> {
    return findVersion(this.items.manager, itemId, number);
  }

  /** The versions of an item up to this one, which is the last of them; of many, the {@link mostOfHistory} before it. */
  async versionsUpTo(itemId: string, number: number): Promise<ContentVersionEntity[]> {
    return this.items.query(
      `SELECT ${versionColumns('version')} FROM content_versions version
       WHERE item_id = $1 AND number BETWEEN $2::integer - $3::integer AND $2 ORDER BY number`,
      [itemId, number, mostOfHistory],
    );
  }

  /** The version that a step of a task has made, or null. */
  madeBy(taskId: string, step: string): Promise<ContentVersionEntity | null> {
    return versionMadeBy(this.items.manager, taskId, step);
  }
}
