import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ContentFormat } from './content-state.js';

/** What the pipeline was asked for. */
export interface ContentBrief {
  readonly primaryKeyword: string | null;
  readonly targetAudience: string | null;
  readonly style: string | null;
  readonly tone: string | null;
  /** Words. */
  readonly targetLength: number;
  /** 0–100. */
  readonly qualityThreshold: number;
  readonly maxRefinements: number;
}

/** One piece of content, over all its versions. */
@Entity('content_items')
export class ContentItemEntity {
  /** That of the task that made it. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('text', { name: 'owner_id' })
  ownerId: string;

  @Column('text')
  topic: string;

  @Column('text')
  format: ContentFormat;

  /** A text search configuration of PostgreSQL: `english`, `german`, `simple`. */
  @Column('text')
  language: string;

  /** Of the newest version; before there is one, what its task was given. */
  @Column('text', { array: true })
  tags: string[];

  @Column('jsonb')
  brief: ContentBrief;

  /** In the address of the public page; null before there was search metadata. */
  @Column('text', { nullable: true })
  slug: string | null;

  /** Number of the newest version; 0: there is none yet. */
  @Column('integer', { name: 'latest_version' })
  latestVersion: number;

  /** Number of the version that the public site shows. */
  @Column('integer', { name: 'published_version', nullable: true })
  publishedVersion: number | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
