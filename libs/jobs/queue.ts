import type { JobEntity } from './job.entity.js';

/** What a BullMQ job carries, and all it carries: a hint which job was meant, and the number of this ring. */
export interface Doorbell {
  readonly jobId: string;
  readonly dispatch: number;
}

/** A doorbell to be rung. */
export interface Ring extends Doorbell {
  readonly kind: string;
  /** Milliseconds from now. */
  readonly delayMs: number;
}

/** Timers of 32 bits end after 24.8 days. A doorbell that comes too early is rung again, so a shorter delay is enough. */
export const longestDelayMs = 24 * 86_400_000;

/** The ring of a job's current dispatch. Both times are the database's: this process's clock does not matter. */
export function ringFor(job: Pick<JobEntity, 'id' | 'kind' | 'dispatch' | 'runAt' | 'enqueuedAt'>): Ring {
  const untilDue = Math.max(0, job.runAt.getTime() - job.enqueuedAt.getTime());
  return { kind: job.kind, jobId: job.id, dispatch: job.dispatch, delayMs: Math.min(untilDue, longestDelayMs) };
}

/**
 * Options of every `@Processor`. The worker runtime starts the BullMQ workers itself, when the process is ready. With
 * these times a delivery of a vanished worker is taken up again after about 15 s, against a minute by default; a
 * doorbell may stall often, since it is the rows that count recoveries.
 */
export const slotOptions = {
  autorun: false,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 50,
} as const;
