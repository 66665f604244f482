import { isTerminal, statusAfter } from '@longhaul/jobs';
import type { Config } from '@longhaul/config';
import type { Blow } from '../fault.js';
import type { Accepted } from '../load/ledger.js';
import type { Check } from './check.js';
import type { Evidence, JobRow } from './evidence.js';

/** How long jobs that a blow hit had to wait, in milliseconds. */
export interface Recovery {
  /** Jobs that were running or waiting for a slot when recovery from some blow could begin. */
  readonly jobs: number;
  readonly p99: number;
  readonly worst: number;
  /** The job that waited longest, if any did. */
  readonly slowest: string | undefined;
}

/** However long the clocks are. */
const mostMs = 60_000;
const ringGraceMs = 5_000;
const longestJobMs = 10_000;

/** Above this many processes for each CPU that want to run, times say more about the machine than about Longhaul. */
export const crowdedAbove = 2;

/**
 * What the slowest way back takes, in milliseconds: the lease, which counts anew when the database was away; two rounds
 * of the reconciler; its grace for a doorbell; some retries; and the longest job, in the slot that is needed.
 */
export function wayBackMs(config: Pick<Config, 'LEASE_SECONDS' | 'RECONCILE_SECONDS' | 'RETRY_BASE_MS'>): number {
  const { LEASE_SECONDS, RECONCILE_SECONDS, RETRY_BASE_MS } = config;
  return (LEASE_SECONDS + RECONCILE_SECONDS) * 2_000 + ringGraceMs + RETRY_BASE_MS * 8 + longestJobMs;
}

/** With production's clocks 60 s; with short ones what those add up to, which is less. Not judged on a crowded machine. */
export const recoversInTime: Check = {
  name: 'recovery p99 within 60 s, or the way back of short clocks',
  find: (evidence) => {
    const { p99, slowest } = measureRecovery(evidence);
    const bound = Math.min(mostMs, wayBackMs(evidence.config));
    if (evidence.crowding > crowdedAbove || p99 <= bound) return [];
    const what = `waited longest; p99 is ${(p99 / 1000).toFixed(1)} s, more than ${(bound / 1000).toFixed(1)} s`;
    return [{ taskId: slowest, what }];
  },
};

/** Signs that a job is worked on. `recovered` and `handed_over` only say that somebody let go of it. */
const signsOfLife = new Set(['started', 'progress', 'log', 'retry_scheduled']);

/**
 * Recovery of a job, from the moment at which Longhaul could begin with it (see Blow):
 * - of one that was RUNNING then: until its next sign of life. For a job on a killed worker that is its next
 *   `started`; for one whose worker goes on it is its next progress or its end, and takes as long as a step does.
 * - of one that was due and had no slot then (it may have come while a store was lost): how long the line stood still
 *   before its `started`, that is the time since the newest of: that moment, the job becoming due, any other job's
 *   `started`. Waiting behind others that are served is not the fault's doing and is left out; slots that are all busy
 *   with long jobs are not told apart, so this is an upper bound.
 * A job that never shows life again is stuck, and counted there.
 */
export function measureRecovery({ jobs, accepted, blows }: Pick<Evidence, 'jobs' | 'accepted' | 'blows'>): Recovery {
  const starts = [...jobs.values()]
    .flatMap(({ events }) => events.filter(({ type }) => type === 'started').map(({ at }) => at))
    .sort((a, b) => a - b);
  const waits = blows.flatMap((blow) =>
    accepted.flatMap((entry) => {
      const job = jobs.get(entry.taskId);
      const wait = job === undefined ? null : waitOf(job, entry, blow, starts);
      return wait === null ? [] : [{ taskId: entry.taskId, wait }];
    }),
  );
  waits.sort((a, b) => a.wait - b.wait);
  const slowest = waits.at(-1);
  return {
    jobs: waits.length,
    p99: waits[Math.ceil(waits.length * 0.99) - 1]?.wait ?? 0,
    worst: slowest?.wait ?? 0,
    slowest: slowest?.taskId,
  };
}

/** Null: the blow did not meet this job, or did it no harm. */
function waitOf({ events }: JobRow, { runAt }: Accepted, blow: Blow, starts: readonly number[]): number | null {
  const lived = events.filter(({ at }) => at <= blow.recoverableAt);
  const last = lived.at(-1);
  if (last === undefined || isTerminal(statusAfter(last.type))) return null;
  const later = events.filter(({ at }) => at > blow.recoverableAt);
  if (statusAfter(last.type) === 'RUNNING') {
    const life = later.find(({ type }) => signsOfLife.has(type) || isTerminal(statusAfter(type)));
    return life === undefined ? null : Math.max(0, life.at - blow.recoverableAt);
  }
  const dueAt = last.type === 'submitted' ? (runAt ?? 0) : last.at + (last.data?.delay_ms ?? 0);
  const started = later.find(({ type }) => type === 'started');
  if (dueAt > blow.recoverableAt || started === undefined) return null;
  return Math.max(0, started.at - Math.max(blow.recoverableAt, dueAt, lastBefore(starts, started.at)));
}

/** The newest of the sorted times before `at`; 0 when there is none. */
function lastBefore(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return times[low - 1] ?? 0;
}
