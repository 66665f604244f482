import type { Column, Violation } from '../checks/check.js';
import type { Evidence } from '../checks/evidence.js';
import { checks } from '../checks/index.js';
import { metTheFault } from '../checks/met.js';
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
  /** Jobs that met the fault; undefined when that cannot be said, as there was no blow at any one moment. */
  readonly met?: number;
  /** Jobs that came: as many as were asked for, and more if the fault took longer. */
  readonly accepted: number;
  readonly seconds: number;
  /** The most processes that wanted to run, for each CPU (one minute's mean): far above 1, no time is judged. */
  readonly crowding: number;
}

/** Holds the evidence against every invariant. */
export function judge(evidence: Evidence): Pick<Verdict, 'verdict' | 'findings' | 'recovery' | 'met'> {
  const findings = checks
    .map((check) => ({ check: check.name, column: check.column, violations: check.find(evidence) }))
    .filter(({ violations }) => violations.length > 0);
  return {
    verdict: findings.length === 0 ? 'survived' : 'VIOLATED',
    findings,
    recovery: measureRecovery(evidence),
    ...(evidence.blows.length > 0 && { met: metTheFault(evidence) }),
  };
}
