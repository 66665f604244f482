import type { EntityManager } from 'typeorm';
import { ContentReviewEntity } from './content-review.entity.js';
import { hashOfReview, noHash } from './review-hash.js';

/** Serialises all who append; the number is arbitrary and must never change. */
const chainLock = 7_311_044_085;

/** Select list that turns columns of `content_reviews` into the properties of {@link ContentReviewEntity}. */
export function reviewColumns(alias: string): string {
  return `${alias}.seq, ${alias}.item_id AS "itemId", ${alias}.version, ${alias}.version_hash AS "versionHash",
    ${alias}.decision, ${alias}.actor_id AS "actorId", ${alias}.reason, ${alias}.feedback, ${alias}.at,
    ${alias}.previous_hash AS "previousHash", ${alias}.hash`;
}

/** The newest row of the chain, or what stands for it while there is none. */
export interface ChainHead {
  /** 0: the chain has no rows. PostgreSQL's bigint, hence text. */
  readonly seq: string;
  readonly hash: string;
}

export async function chainHead(manager: EntityManager): Promise<ChainHead> {
  const [head] = await manager.query<ChainHead[]>('SELECT seq, hash FROM content_reviews ORDER BY seq DESC LIMIT 1');
  return head ?? { seq: '0', hash: noHash };
}

/** A decision to be recorded. */
export type NewReview = Pick<
  ContentReviewEntity,
  'itemId' | 'version' | 'versionHash' | 'decision' | 'actorId' | 'reason' | 'feedback'
>;

/**
 * Appends decisions to the chain. Until the end of the transaction nobody else can: their numbers and hashes are those of
 * the next rows, and a transaction that is rolled back leaves no gap. Append late, so that others wait for little.
 */
export async function appendReviews(
  manager: EntityManager,
  reviews: readonly NewReview[],
): Promise<ContentReviewEntity[]> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [chainLock]);
  // Statements of their own: their snapshots are taken behind the lock.
  let head = await chainHead(manager);
  const [{ at }] = await manager.query<[{ at: Date }]>('SELECT clock_timestamp()::timestamptz(3) AS at');
  const rows: ContentReviewEntity[] = [];
  for (const review of reviews) {
    const row = { ...review, seq: String(BigInt(head.seq) + 1n), at, previousHash: head.hash };
    head = { seq: row.seq, hash: hashOfReview(row) };
    rows.push({ ...row, hash: head.hash });
  }
  await manager.insert(ContentReviewEntity, rows);
  return rows;
}
