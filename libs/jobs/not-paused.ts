/**
 * SQL condition: jobs of this kind may be claimed. For a parameter, it does not depend on the rows of a statement, and so is
 * looked up once; for a column it would be asked of each row.
 */
export function notPaused(kind: `$${number}` | 'other.kind'): string {
  return `NOT EXISTS (SELECT FROM paused_kinds WHERE paused_kinds.kind = ${kind})`;
}
