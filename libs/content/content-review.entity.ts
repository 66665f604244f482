import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Decision } from './content-state.js';

/** One decision of a person on a version, a link of the chain. Never changed, never removed. */
@Entity('content_reviews')
export class ContentReviewEntity {
  /** 1, 2, 3 … over all items, without gaps. PostgreSQL's bigint, hence text. */
  @PrimaryColumn('bigint')
  seq: string;

  @Column('uuid', { name: 'item_id' })
  itemId: string;

  @Column('integer')
  version: number;

  /** The text that was decided on. */
  @Column('text', { name: 'version_hash' })
  versionHash: string;

  @Column('text')
  decision: Decision;

  @Column('text', { name: 'actor_id' })
  actorId: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { nullable: true })
  feedback: string | null;

  /** To the millisecond. */
  @Column('timestamptz')
  at: Date;

  /** Of the row before; 64 zeros before the first one. */
  @Column('text', { name: 'previous_hash' })
  previousHash: string;

  @Column('text')
  hash: string;
}
