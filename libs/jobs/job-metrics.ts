import { count, observe } from '@longhaul/telemetry';
import type { Attempt } from './attempt.js';
import type { WrittenJob } from './attempt.store.js';
import type { ClaimedJob } from './claim.store.js';
import { isTerminal } from './job-status.js';
import type { KindRegistry } from './kind.js';
import type { Outcome } from './outcome.js';

/** What the label `kind` says of a kind: rows stay when a kind is given up, and are not to make labels without end. */
export function kindLabel(kinds: KindRegistry, kind: string): string {
  return kinds.has(kind) ? kind : 'other';
}

/** A rule on an increase does not see the first one of a series that was not there before: these are from the start. */
export function startAtZero(kinds: Iterable<string>): void {
  for (const kind of kinds) {
    count('longhaul_recoveries_total', { kind }, 0);
    count('longhaul_quarantined_total', { kind }, 0);
    count('longhaul_leases_lost_total', { kind }, 0);
    for (const status of ['SUCCESS', 'FAILED']) count('longhaul_jobs_ended_total', { kind, status }, 0);
  }
}

/** A job was claimed. */
export function countClaim({ kind, fence, dueSeconds, ageSeconds }: ClaimedJob): void {
  observe('longhaul_dispatch_lag_seconds', { kind }, Math.max(0, dueSeconds));
  if (fence !== 1) return;
  count('longhaul_jobs_started_total', { kind });
  observe('longhaul_job_wait_seconds', { kind }, Math.max(0, ageSeconds));
}

/** The word that metrics and spans have for how an attempt ended. @param written null: its end was refused. */
export function outcomeName(outcome: Outcome, written: WrittenJob | null): string {
  return written === null && outcome.kind !== 'cancelled' ? 'lost' : outcome.kind;
}

/** An attempt has ended. @param written what its end made of the job; null: it was not this attempt's any more. */
export function countEnd({ job, claimSentAt }: Attempt, outcome: Outcome, written: WrittenJob | null): void {
  const { kind } = job;
  const name = outcomeName(outcome, written);
  const seconds = (performance.now() - claimSentAt) / 1000;
  count('longhaul_attempts_total', { kind, outcome: name });
  observe('longhaul_attempt_duration_seconds', { kind }, seconds);
  if (name === 'lost' || (outcome.kind === 'handed_over' && outcome.reason === 'lease_lost')) {
    count('longhaul_leases_lost_total', { kind });
  }
  if (written === null || !isTerminal(written.status)) return;
  count('longhaul_jobs_ended_total', { kind, status: written.status });
  observe('longhaul_job_duration_seconds', { kind }, job.ageSeconds + seconds);
}
