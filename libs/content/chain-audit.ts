import type { EntityManager } from 'typeorm';
import type { ContentReviewEntity } from './content-review.entity.js';
import { hashOfReview, noHash } from './review-hash.js';
import { reviewColumns, type ChainHead } from './review-rows.js';
import { hashOfVersion, type VersionText } from './version-hash.js';

/** Rows that are read at once: each comes with the text that was decided on. */
const rowsAtOnce = 100;

/** Null: there is no such version. */
type AuditedText = (VersionText & { readonly hash: string }) | null;
type AuditedRow = ContentReviewEntity & { readonly decided: AuditedText };

/** What the walk over a chain has found. */
export interface ChainWalk {
  /** The newest row. */
  readonly head: ChainHead;
  /** Rows that were read. */
  readonly rows: number;
}

/**
 * Walks the approval history from its first row: numbers without a gap, each row's hash that of its fields, each row
 * linked to the one before, each decision on the text that its version has.
 * @param anchor a head that was noted outside of the database: the only way to see that the end was cut off, or that the
 * whole chain was written anew.
 * @param found is told, in a sentence, of everything that is not as it should be.
 */
export async function auditChain(
  manager: EntityManager,
  anchor: ChainHead | null,
  found: (problem: string) => void,
): Promise<ChainWalk> {
  let head: ChainHead = { seq: '0', hash: noHash };
  let rows = 0;
  let anchored = anchor === null || (anchor.seq === head.seq && anchor.hash === head.hash);
  for await (const row of rowsOf(manager)) {
    rows += 1;
    auditRow(row, head, found);
    if (anchor?.seq === row.seq) {
      anchored = true;
      if (anchor.hash !== row.hash)
        found(`Row ${row.seq} is not the one that was anchored: the history was rewritten.`);
    }
    head = row;
  }
  if (!anchored && anchor !== null) {
    found(`Row ${anchor.seq} was anchored and is missing: the history was cut behind row ${head.seq}.`);
  }
  return { head: { seq: head.seq, hash: head.hash }, rows };
}

function auditRow(row: AuditedRow, before: ChainHead, found: (problem: string) => void): void {
  const expected = BigInt(before.seq) + 1n;
  const { seq, decided } = row;
  if (BigInt(seq) !== expected) {
    const last = BigInt(seq) - 1n;
    found(last === expected ? `Row ${expected} is missing.` : `Rows ${expected} to ${last} are missing.`);
  } else if (row.previousHash !== before.hash) {
    found(`Row ${seq} is not linked to row ${before.seq}.`);
  }
  if (hashOfReview(row) !== row.hash) found(`Row ${seq} was changed: its hash is not that of its fields.`);
  const version = `version ${row.version} of ${row.itemId}`;
  if (decided === null) found(`Row ${seq} decides on ${version}, which is missing.`);
  else if (decided.hash !== row.versionHash) found(`Row ${seq} decides on another text than ${version} has.`);
  else if (hashOfVersion(decided) !== decided.hash) found(`The text of ${version} was changed after row ${seq}.`);
}

async function* rowsOf(manager: EntityManager): AsyncGenerator<AuditedRow> {
  for (let after = '0'; ;) {
    const rows = await manager.query<AuditedRow[]>(
      `SELECT ${reviewColumns('review')},
              CASE WHEN version.number IS NOT NULL
                THEN jsonb_build_object('hash', version.hash, 'title', version.title, 'body', version.body,
                                        'sources', version.sources, 'seo', version.seo, 'tags', version.tags) END AS decided
       FROM content_reviews review
       LEFT JOIN content_versions version ON version.item_id = review.item_id AND version.number = review.version
       WHERE review.seq > $1 ORDER BY review.seq LIMIT $2`,
      [after, rowsAtOnce],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
