import type { Column, Violation } from '../checks/check.js';
import type { Evidence } from '../checks/evidence.js';
import { checks } from '../checks/index.js';
import { measureRecovery, type Recovery } from '../checks/recovery.js';
import type { RunOptions } from '../run-fault.js';

/** The violations of one check. */
export interface Finding {
  readonly check: string;
  readonly column: Column | undefined;
  readonly violations: readonly Violation[];
}

/** How a fault ended. */
export interface Verdict {
  readonly options: Pick<RunOptions, 'fault' | 'bug' | 'backend' | 'jobs' | 'seed' | 'settings' | 'brief'>;
  readonly verdict: 'survived' | 'VIOLATED' | 'HUNG' | 'BROKEN' | 'SKIPPED';
  /** Why it was skipped, hung, or could not be played at all. */
  readonly why?: string;
  readonly findings: readonly Finding[];
  /** Undefined when there is nothing to measure. */
  readonly recovery?: Recovery;
  /** Jobs that came: as many as were asked for, and more if the fault took longer. */
  readonly accepted: number;
  readonly seconds: number;
  /** Processes that wanted to run, for each CPU, at the end of it: far above 1, times say more about the machine. */
  readonly crowding: number;
}

/** Holds the evidence against every invariant. */
export function judge(evidence: Evidence): Pick<Verdict, 'verdict' | 'findings' | 'recovery'> {
  const findings = checks
    .map((check) => ({ check: check.name, column: check.column, violations: check.find(evidence) }))
    .filter(({ violations }) => violations.length > 0);
  return { verdict: findings.length === 0 ? 'survived' : 'VIOLATED', findings, recovery: measureRecovery(evidence) };
}
