import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import type { ContentReviewEntity } from './content-review.entity.js';
import type { ContentFormat, ContentState, Decision } from './content-state.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { chainHead, reviewColumns, type ChainHead } from './review-rows.js';
import { findVersion } from './version-rows.js';

/** A version without its text. */
export type VersionSummary = Omit<ContentVersionEntity, 'body' | 'sources'>;

/** An item with its newest version; null while it has none. */
export interface ItemWith<Version> {
  readonly item: ContentItemEntity;
  readonly latest: Version | null;
}
export type ShownContent = ItemWith<ContentVersionEntity>;
export type ListedContent = ItemWith<VersionSummary>;

export interface ContentFilter {
  readonly ownerId?: string;
  /** Of the newest version. */
  readonly state?: readonly ContentState[];
  readonly format?: readonly ContentFormat[];
  readonly tag?: string;
  /** Found in the id's beginning, the topic, or the newest version's title, in any case. */
  readonly q?: string;
  /** Keyset cursor: only items with a smaller id. */
  readonly beforeId?: string;
  readonly limit: number;
}

/** A decision with the title that was decided on. */
export type ListedReview = ContentReviewEntity & { readonly title: string };

export interface ReviewFilter {
  readonly itemId?: string;
  readonly actorId?: string;
  readonly decision?: readonly Decision[];
  readonly from?: Date;
  readonly to?: Date;
  /** Keyset cursor: only rows with a smaller number. */
  readonly beforeSeq?: string;
  readonly limit: number;
}

/** What of a version is its text. */
const text: ReadonlySet<string> = new Set(['body', 'sources']);

/** Rows of the chain that are read at once. */
const rowsAtOnce = 500;

/** All reads of items, versions and decisions. */
@Injectable()
export class ContentReader {
  constructor(@InjectRepository(ContentItemEntity) private readonly items: Repository<ContentItemEntity>) {}

  /** An item with its newest version, as both were at one moment. */
  async find(id: string): Promise<ShownContent | null> {
    const [found] = await this.pairs<ContentVersionEntity>(new Set(), 'WHERE item.id = $1', [id]);
    return found ?? null;
  }

  /** Whose item it is. */
  async owner(id: string): Promise<{ readonly ownerId: string } | null> {
    const [row] = await this.items.query<{ ownerId: string }[]>(
      'SELECT owner_id AS "ownerId" FROM content_items WHERE id = $1',
      [id],
    );
    return row ?? null;
  }

  /** These items without the text of their versions, in the order of the ids. */
  async summaries(ids: readonly string[]): Promise<(ListedContent | null)[]> {
    const found = await this.pairs<VersionSummary>(text, 'WHERE item.id = ANY($1)', [ids]);
    const byId = new Map(found.map((pair) => [pair.item.id, pair]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Newest first: ids are UUIDs v7, so their order is that of creation. */
  list(filter: ContentFilter): Promise<ListedContent[]> {
    const part = filter.q?.replace(/[\\%_]/g, '\\$&');
    return this.pairs<VersionSummary>(
      text,
      `WHERE ($1::text IS NULL OR item.owner_id = $1) AND ($2::text[] IS NULL OR version.state = ANY($2))
         AND ($3::text[] IS NULL OR item.format = ANY($3)) AND ($4::text IS NULL OR $4 = ANY(item.tags))
         AND ($5::text IS NULL OR item.id::text LIKE lower($5) || '%'
              OR item.topic ILIKE '%' || $5 || '%' OR version.title ILIKE '%' || $5 || '%')
         AND ($6::uuid IS NULL OR item.id < $6)
       ORDER BY item.id DESC LIMIT $7`,
      [
        filter.ownerId ?? null,
        filter.state ?? null,
        filter.format ?? null,
        filter.tag ?? null,
        part ?? null,
        filter.beforeId ?? null,
        filter.limit,
      ],
    );
  }

  version(itemId: string, number: number): Promise<ContentVersionEntity | null> {
    return findVersion(this.items.manager, itemId, number);
  }

  /** Without their texts, oldest first. */
  versions(itemId: string, page: { readonly after: number; readonly limit: number }): Promise<VersionSummary[]> {
    return this.items.query(
      `SELECT ${this.columns(ContentVersionEntity, 'version', '', text)} FROM content_versions version
       WHERE item_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
      [itemId, page.after, page.limit],
    );
  }

  /** Newest first. */
  reviews(filter: ReviewFilter): Promise<ListedReview[]> {
    return this.items.query(
      `SELECT ${reviewColumns('review')}, version.title
       FROM content_reviews review
       JOIN content_versions version ON version.item_id = review.item_id AND version.number = review.version
       WHERE ($1::uuid IS NULL OR review.item_id = $1) AND ($2::text IS NULL OR review.actor_id = $2)
         AND ($3::text[] IS NULL OR review.decision = ANY($3))
         AND ($4::timestamptz IS NULL OR review.at >= $4) AND ($5::timestamptz IS NULL OR review.at < $5)
         AND ($6::bigint IS NULL OR review.seq < $6)
       ORDER BY review.seq DESC LIMIT $7`,
      [
        filter.itemId ?? null,
        filter.actorId ?? null,
        filter.decision ?? null,
        filter.from ?? null,
        filter.to ?? null,
        filter.beforeSeq ?? null,
        filter.limit,
      ],
    );
  }

  chainHead(): Promise<ChainHead> {
    return chainHead(this.items.manager);
  }

  /** The chain from its first row to that of the head, read part by part. */
  async *chain(head: ChainHead): AsyncGenerator<ContentReviewEntity> {
    for (let after = '0'; ;) {
      const rows = await this.items.query<ContentReviewEntity[]>(
        `SELECT ${reviewColumns('review')} FROM content_reviews review
         WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
        [after, head.seq, rowsAtOnce],
      );
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
    }
  }

  /** @param rest what follows the joined tables in the statement. */
  private async pairs<Version>(
    without: ReadonlySet<string>,
    rest: string,
    params: unknown[],
  ): Promise<ItemWith<Version>[]> {
    const rows = await this.items.query<Record<string, unknown>[]>(
      `SELECT ${this.columns(ContentItemEntity, 'item', 'item.')},
              ${this.columns(ContentVersionEntity, 'version', 'version.', without)}
       FROM content_items item
       LEFT JOIN content_versions version ON version.item_id = item.id AND version.number = item.latest_version
       ${rest}`,
      params,
    );
    return rows.map((row) => ({
      item: withPrefix(row, 'item.') as unknown as ContentItemEntity,
      latest: row['version.number'] === null ? null : (withPrefix(row, 'version.') as Version),
    }));
  }

  /** Select list that turns the columns of a table into the properties of its entity, each with a prefix. */
  private columns(
    entity: new () => object,
    alias: string,
    prefix: string,
    without: ReadonlySet<string> = new Set(),
  ): string {
    return this.items.manager.dataSource
      .getMetadata(entity)
      .columns.filter(({ propertyName }) => !without.has(propertyName))
      .map(({ databaseName, propertyName }) => `${alias}.${databaseName} AS "${prefix}${propertyName}"`)
      .join(', ');
  }
}

function withPrefix(row: Record<string, unknown>, prefix: string): Record<string, unknown> {
  const own = Object.entries(row).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
