import { mayMove } from '../job-status.js';
import { outcomeOfError } from '../outcome.js';
import { verdictOnLapsed } from '../recovery.js';
import { isUnproved } from '../self-fence.js';

/**
 * The rules that the model follows. Where production decides by a pure function, this is that function; where it decides
 * inside an SQL statement, this says the same, and the conformance spec compares the two. A mutant replaces some.
 */
export const productionRules = {
  mayMove,
  /** Whether a row takes a write under this fence. */
  fenceHolds: (row: { readonly fence: number }, fence: number): boolean => row.fence === fence,
  /** Whether the reconciler may take a running job from its worker, by database time. */
  leaseIsOver: (row: { readonly leaseExpiresAt: number | null }, now: number): boolean =>
    row.leaseExpiresAt !== null && row.leaseExpiresAt < now,
  attemptsAfterHandOver: (attempts: number): number => Math.max(attempts - 1, 0),
  attemptsAfterRecovery: (attempts: number): number => Math.max(attempts - 1, 0),
  attemptsAfterRequeue: (_attempts: number): number => 0,
  nextFence: (fence: number): number => fence + 1,
  nextDispatch: (dispatch: number): number => dispatch + 1,
  /** The clock by which a lease is given: the database's. */
  leaseClock: (databaseNow: number, _workerWallClock: number): number => databaseNow,
  /** The clock by which a worker fences itself: its monotonic one. */
  selfFenceClock: (monotonic: number, _wallClock: number): number => monotonic,
  /** When an acknowledged claim or heartbeat proves that the lease was held: at its sending. */
  provedAt: (sentAt: number, _answeredAt: number): number => sentAt,
  /** From when on an attempt's own deadline is counted. */
  deadlineFrom: (claimSentAt: number, _answeredAt: number): number => claimSentAt,
  isUnproved,
  /** Whether a worker that gets a job again stops its own older attempt of it. */
  stopsDisplaced: true as boolean,
  outcomeOfError,
  verdictOnLapsed,
  /** Whether the reconciler rings again for due jobs that no doorbell will reach. */
  ringsLost: true as boolean,
};

export type Rules = typeof productionRules;

/** Intervals of the engine that the model runs with; the same names and units as in the configuration. */
export const limits = {
  LEASE_SECONDS: 30,
  HEARTBEAT_SECONDS: 10,
  RECONCILE_SECONDS: 15,
  MAX_RECOVERIES: 2,
  RETRY_BASE_MS: 1_000,
  RETRY_CAP_MS: 300_000,
  DRAIN_SECONDS: 20,
} as const;
