import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import type { ContentVersionEntity } from './content-version.entity.js';
import type { SourceMaterial } from './source-material.js';
import { versionColumns } from './version-rows.js';

/** What pipelines read of items and versions. */
@Injectable()
export class DraftReader {
  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  async item(id: string): Promise<ContentItemEntity | null> {
    return this.items.findOneBy({ id });
  }

  async material(itemId: string): Promise<SourceMaterial[]> {
    return this.items.query(`SELECT title, url, text FROM content_material WHERE item_id = $1 ORDER BY place`, [
      itemId,
    ]);
  }

  /** The versions of an item up to this one, which is the last of them. */
  async versionsUpTo(itemId: string, number: number): Promise<ContentVersionEntity[]> {
    return this.items.query(
      `SELECT ${versionColumns('version')} FROM content_versions version
       WHERE item_id = $1 AND number <= $2 ORDER BY number`,
      [itemId, number],
    );
  }

  /** The version that a step of a task has made, or null. */
  async madeBy(taskId: string, step: string): Promise<ContentVersionEntity | null> {
    const [made = null] = await this.items.query<ContentVersionEntity[]>(
      `SELECT ${versionColumns('version')} FROM content_versions version WHERE task_id = $1 AND step = $2`,
      [taskId, step],
    );
    return made;
  }
}
