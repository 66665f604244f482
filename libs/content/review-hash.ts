import { createHash } from 'node:crypto';
import type { ContentReviewEntity } from './content-review.entity.js';

/** The previous hash of the first row, and the head of a chain without rows. */
export const noHash = '0'.repeat(64);

/**
 * Hash of a row of the approval history: SHA-256, hexadecimal, over a JSON array of all its fields in this order. The
 * hash of the row before is one of them, so no row can be changed or left out without a change of all that follow.
 */
export function hashOfReview(row: Omit<ContentReviewEntity, 'hash'>): string {
  const { seq, itemId, version, versionHash, decision, actorId, reason, feedback, at, previousHash } = row;
  const fields = [
    seq,
    itemId,
    version,
    versionHash,
    decision,
    actorId,
    reason,
    feedback,
    at.toISOString(),
    previousHash,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
