import { Injectable } from '@nestjs/common';
import type { JobEntity } from '@longhaul/jobs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { editedSeo } from './edited-seo.js';
import { holdingContent, knowsState, type Change, type FollowUp, type Held, type Refusal } from './held-content.js';
import { hasSeenText } from './seen-version.js';
import { giveSlug } from './slug.js';
import type { SeoMetadata } from './version-hash.js';
import { nextVersion } from './version-rows.js';

/** A version that a person made. */
export interface Written {
  readonly outcome: 'done';
  readonly item: ContentItemEntity;
  readonly version: ContentVersionEntity;
  /** The task that judges it; null when its verdict is known. */
  readonly task: JobEntity | null;
}

/** What of a version a person changes; what is left out is taken over. */
export interface Edit {
  readonly title?: string;
  readonly body?: string;
  readonly seo?: Partial<SeoMetadata>;
  readonly tags?: readonly string[];
  readonly reason?: string | undefined;
}

/** The versions that people write. Each is made in one transaction that holds its item. */
@Injectable()
export class ContentStore {
  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  /**
   * Makes a version out of the newest one and puts it before the reviewers.
   * @param judge for a text that has no verdict yet.
   */
  edit(change: Change, edit: Edit, judge: FollowUp<Omit<Written, 'task'>>): Promise<Refusal | Written> {
    return this.onNewest(change, async (manager, { item, latest }) => {
      const title = edit.title ?? latest.title;
      const body = edit.body ?? latest.body;
      const seo = editedSeo(latest, { title, body }, edit.seo);
      if (seo === null) return { outcome: 'no_seo' };
      await giveSlug(manager, item, title);
      const version = await nextVersion(manager, {
        ...{ itemId: item.id, state: 'AWAITING_APPROVAL', origin: 'edit', parent: latest.number },
        ...{ authorId: change.actorId, taskId: null, step: null, reason: edit.reason ?? null, generator: null },
        ...{ title, body, sources: latest.sources, seo, tags: edit.tags ?? latest.tags },
        quality: title === latest.title && body === latest.body ? latest.quality : null,
      });
      return withVerdict(manager, { outcome: 'done', item, version }, judge);
    });
  }

  /** Makes a version with the text of an older one, and its verdict, and puts it before the reviewers. */
  rollback(
    change: Change,
    { version: number, reason }: { readonly version: number; readonly reason: string },
    judge: FollowUp<Omit<Written, 'task'>>,
  ): Promise<Refusal | Written> {
    return this.onNewest(change, async (manager, { item, latest }) => {
      const older = await manager.findOneBy(ContentVersionEntity, { itemId: item.id, number });
      if (older === null || older.number === latest.number) return { outcome: 'no_such_version' };
      // A draft may be older than the first search metadata.
      const seo = older.seo ?? latest.seo;
      if (seo === null) return { outcome: 'no_seo' };
      await giveSlug(manager, item, older.title);
      const version = await nextVersion(manager, {
        ...{ itemId: item.id, state: 'AWAITING_APPROVAL', origin: 'rollback', parent: older.number },
        ...{ authorId: change.actorId, taskId: null, step: null, reason, generator: null },
        ...{ title: older.title, body: older.body, sources: older.sources, seo, tags: older.tags },
        quality: older.quality,
      });
      return withVerdict(manager, { outcome: 'done', item, version }, judge);
    });
  }

  private onNewest<Answer>(
    change: Change,
    work: (manager: EntityManager, held: Held) => Promise<Refusal | Answer>,
  ): Promise<Refusal | Answer> {
    return holdingContent<Answer>(this.items.manager, change.itemId, async (manager, held) => {
      const isSeen = hasSeenText(held.latest, change.seen) && (await knowsState(manager, held.latest, change));
      return isSeen ? work(manager, held) : { outcome: 'stale' };
    });
  }
}

async function withVerdict(
  manager: EntityManager,
  written: Omit<Written, 'task'>,
  judge: FollowUp<Omit<Written, 'task'>>,
): Promise<Written> {
  return { ...written, task: written.version.quality === null ? await judge(manager, written) : null };
}
