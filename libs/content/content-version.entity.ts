import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ContentState, VersionOrigin } from './content-state.js';
import type { Quality } from './quality.js';
import type { ContentSource, SeoMetadata } from './version-hash.js';

/** What wrote a version's text, and all that it took, with what was tried in vain. */
export interface GeneratorUse {
  readonly provider: string;
  readonly model: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** In US dollars, by the configured prices; null without prices. */
  readonly cost: number | null;
}

/** One version of an item. Its text never changes. */
@Entity('content_versions')
export class ContentVersionEntity {
  @PrimaryColumn('uuid', { name: 'item_id' })
  itemId: string;

  /** 1, 2, 3 … within its item. */
  @PrimaryColumn('integer')
  number: number;

  @Column('text')
  state: ContentState;

  @Column('text')
  origin: VersionOrigin;

  /** The version that this one was made from; of a rollback, the one that it brings back. */
  @Column('integer', { nullable: true })
  parent: number | null;

  @Column('text', { name: 'author_id' })
  authorId: string;

  @Column('uuid', { name: 'task_id', nullable: true })
  taskId: string | null;

  @Column('text', { nullable: true })
  step: string | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text')
  title: string;

  /** Markdown. */
  @Column('text')
  body: string;

  @Column('jsonb')
  sources: readonly ContentSource[];

  @Column('jsonb', { nullable: true })
  seo: SeoMetadata | null;

  @Column('text', { array: true })
  tags: readonly string[];

  @Column('text')
  hash: string;

  @Column('jsonb', { nullable: true })
  quality: Quality | null;

  @Column('jsonb', { nullable: true })
  generator: GeneratorUse | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
