import type { Config } from '@longhaul/config';

/** A doorbell that was rung this recently may still be on its way. */
export const ringGraceSeconds = 5;
/** A worker ends its attempts at the deadline itself; this late it has not. */
export const deadlineGraceSeconds = 15;

/** What becomes of a job whose lease has run out: it starts again, or has done so too often. */
export function verdictOnLapsed(
  { recoveries }: { readonly recoveries: number },
  limits: Pick<Config, 'MAX_RECOVERIES'>,
): 'recover' | 'quarantine' {
  return recoveries >= limits.MAX_RECOVERIES ? 'quarantine' : 'recover';
}

/** Lease of the leading reconciler: a third longer than the interval, so that a healthy leader keeps it. */
export function leaderLeaseSeconds({ RECONCILE_SECONDS }: Pick<Config, 'RECONCILE_SECONDS'>): number {
  return Math.ceil((RECONCILE_SECONDS * 4) / 3);
}
