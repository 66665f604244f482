import { Injectable } from '@nestjs/common';
import { PermanentError } from '@longhaul/jobs/worker';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { type ContentBrief, ContentItemEntity } from './content-item.entity.js';
import type { ContentFormat, VersionOrigin } from './content-state.js';
import { type ContentVersionEntity, type GeneratorUse } from './content-version.entity.js';
import { holdFence, type PipelineAttempt } from './fenced.js';
import type { Quality } from './quality.js';
import { giveSlug } from './slug.js';
import { holdItem, nextVersion, versionColumns, versionMadeBy } from './version-rows.js';
import type { PlacedMaterial } from './source-material.js';
import { hashOfVersion, type ContentSource, type SeoMetadata } from './version-hash.js';

/** An item that a task makes; its id is the task's. */
export interface NewItem {
  readonly ownerId: string;
  readonly topic: string;
  readonly format: ContentFormat;
  /** A text search configuration of PostgreSQL. */
  readonly language: string;
  readonly tags: readonly string[];
  readonly brief: ContentBrief;
}

/** A version that a step of a pipeline makes. */
export interface NewVersion {
  readonly itemId: string;
  /** Names the step within its task: done again, it finds the version that it made. */
  readonly step: string;
  readonly origin: Extract<VersionOrigin, 'draft' | 'refinement'>;
  readonly parent: number | null;
  /** The newest version that the pipeline knows of; 0: none. */
  readonly after: number;
  readonly reason: string | null;
  readonly title: string;
  readonly body: string;
  readonly sources: readonly ContentSource[];
  readonly generator: GeneratorUse | null;
}

/**
 * What pipelines write. Each method is one transaction that holds the fence of its attempt, and done twice it does
 * nothing the second time: an attempt that takes over may repeat any step.
 * @throws LeaseLostError from every method, when the attempt does not own its job any more.
 */
@Injectable()
export class DraftStore {
  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  /** Makes the item of this attempt's task, if it does not exist yet. */
  async openItem(attempt: PipelineAttempt, item: NewItem): Promise<void> {
    await this.fenced(attempt, (manager) =>
      manager.query(
        `INSERT INTO content_items (id, owner_id, topic, format, language, tags, brief)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
        [attempt.jobId, item.ownerId, item.topic, item.format, item.language, item.tags, JSON.stringify(item.brief)],
      ),
    );
  }

  /** Keeps sources that the research of the attempt's item found, by their places; what is there already stays. */
  async keepMaterial(attempt: PipelineAttempt, material: readonly PlacedMaterial[]): Promise<void> {
    await this.fenced(attempt, (manager) =>
      manager.query(
        `INSERT INTO content_material (item_id, place, title, url, text)
         SELECT $1, source.place, source.title, source.url, source.text
         FROM jsonb_to_recordset($2) AS source (place integer, title text, url text, text text)
         ON CONFLICT (item_id, place) DO NOTHING`,
        [attempt.jobId, JSON.stringify(material)],
      ),
    );
  }

  /**
   * Adds a DRAFT behind the newest version; one that awaited approval goes back to DRAFT.
   * @throws PermanentError `stale_version` when there is a newer one than the pipeline knows of: what people have
   *   written meanwhile is not superseded.
   */
  async addVersion(attempt: PipelineAttempt, version: NewVersion): Promise<ContentVersionEntity> {
    return this.fenced(attempt, async (manager) => {
      const made = await versionMadeBy(manager, attempt.jobId, version.step);
      if (made !== null) return made;
      const item = await holdItem(manager, version.itemId);
      if (item === null) throw new Error(`There is no item ${version.itemId}.`);
      const { ownerId, latestVersion, tags } = item;
      if (latestVersion !== version.after) {
        const message = `Version ${latestVersion} was made meanwhile; it is not superseded.`;
        throw new PermanentError('stale_version', message);
      }
      return nextVersion(manager, {
        ...version,
        state: 'DRAFT',
        authorId: ownerId,
        taskId: attempt.jobId,
        seo: null,
        tags,
        quality: null,
      });
    });
  }

  /** Records the verdict on a version; the first one stays. */
  async addQuality(attempt: PipelineAttempt, itemId: string, number: number, quality: Quality): Promise<void> {
    await this.fenced(attempt, (manager) =>
      manager.query(`UPDATE content_versions SET quality = $3 WHERE item_id = $1 AND number = $2 AND quality IS NULL`, [
        itemId,
        number,
        JSON.stringify(quality),
      ]),
    );
  }

  /** Adds search metadata to a draft, and the slug to an item that has none. */
  async addSeo(attempt: PipelineAttempt, itemId: string, number: number, seo: SeoMetadata): Promise<void> {
    await this.fenced(attempt, async (manager) => {
      const item = await holdItem(manager, itemId);
      const [draft] = await manager.query<ContentVersionEntity[]>(
        `SELECT ${versionColumns('version')} FROM content_versions version
         WHERE item_id = $1 AND number = $2 AND state = 'DRAFT' AND seo IS NULL FOR UPDATE`,
        [itemId, number],
      );
      if (draft === undefined) return;
      await manager.query(`UPDATE content_versions SET seo = $3, hash = $4 WHERE item_id = $1 AND number = $2`, [
        itemId,
        number,
        JSON.stringify(seo),
        hashOfVersion({ ...draft, seo }),
      ]);
      if (item !== null) await giveSlug(manager, item, draft.title);
    });
  }

  /** Puts a version before the reviewers, unless a newer one was made meanwhile. @returns whether it awaits approval. */
  async submit(attempt: PipelineAttempt, itemId: string, number: number): Promise<boolean> {
    const rows = await this.fenced(attempt, async (manager) => {
      // Whoever edits at this moment has done so before, or does it behind this.
      await holdItem(manager, itemId);
      return manager.query<unknown[]>(
        `WITH submitted AS (
           UPDATE content_versions version SET state = 'AWAITING_APPROVAL' FROM content_items item
           WHERE item.id = $1 AND version.item_id = item.id AND version.number = $2
             AND item.latest_version = version.number AND version.state = 'DRAFT'
         )
         SELECT FROM content_versions version JOIN content_items item ON item.id = version.item_id
         WHERE item.id = $1 AND version.number = $2 AND item.latest_version = version.number`,
        [itemId, number],
      );
    });
    return rows.length > 0;
  }

  private fenced<T>(attempt: PipelineAttempt, write: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.items.manager.transaction(async (manager) => {
      await holdFence(manager, attempt);
      return write(manager);
    });
  }
}
