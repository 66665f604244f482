import type { Config } from '@longhaul/config';
import type { Random } from '../../support/random.js';

/** A job that is going to be submitted. */
export interface JobPlan {
  /** Its Idempotency-Key. */
  readonly key: string;
  /** Which of the owners submits it. */
  readonly owner: number;
  /** Submit body; `run_at` is filled in at the moment of the submit from {@link delayMs}. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly delayMs: number;
  /** An admin cancels it so long after it was accepted. */
  readonly cancelAfterMs: number | null;
  /** How it must end, whatever happens to the machines; null for a job that is cancelled at some moment. */
  readonly end: 'SUCCESS' | 'FAILED' | null;
  /** The only error code under which it may fail; undefined: any. */
  readonly error?: string;
  /** Attempts that it must have used when it ends; null when that depends on the moment. */
  readonly attempts: number | null;
}

export type JobMix = (random: Random, index: number, config: Config) => JobPlan;

type Part = Pick<JobPlan, 'end' | 'error' | 'attempts'> & {
  readonly body: Record<string, unknown>;
  readonly cancelAfterMs?: number;
};

/**
 * What a fault meets unless it asks for something else: mostly short jobs, some of them with effects; some of several
 * seconds; some that fail once or twice and then succeed, a few that fail for good, a few that are cancelled; of four
 * owners, with several priorities, a few due only later.
 */
export const mixedJobs: JobMix = (random, index) => {
  const { body, ...rest } = part(random);
  return {
    key: `job-${index}`,
    owner: random.whole(0, 3),
    delayMs: random.chance(0.05) ? random.whole(1_000, 6_000) : 0,
    cancelAfterMs: null,
    ...rest,
    body: { task_type: 'fault_steps', priority: random.pick([0, 0, 0, 5, -5]), ...body },
  };
};

/** Jobs of five to ten seconds only, with effects. */
export const longJobs: JobMix = (random, index) => ({
  key: `job-${index}`,
  owner: random.whole(0, 3),
  delayMs: 0,
  cancelAfterMs: null,
  end: 'SUCCESS',
  attempts: 1,
  body: { task_type: 'fault_steps', ...long(random) },
});

function part(random: Random): Part {
  const dice = random.next();
  if (dice < 0.05) return { body: long(random), end: 'SUCCESS', attempts: 1 };
  if (dice < 0.2) return failing(random);
  if (dice < 0.23) return failingForGood(random);
  if (dice < 0.28) return { body: long(random), cancelAfterMs: random.whole(0, 4_000), end: null, attempts: null };
  return { body: short(random), end: 'SUCCESS', attempts: 1 };
}

function short(random: Random): Record<string, unknown> {
  return { steps: random.whole(0, 5), step_ms: random.whole(20, 200), effects: random.chance(0.4) };
}

function long(random: Random): Record<string, unknown> {
  return { steps: random.whole(20, 40), step_ms: 250, effects: random.chance(0.5) };
}

function failingForGood(random: Random): Part {
  const body = { ...short(random), fail_attempts: 100, max_attempts: 2 };
  return { body, end: 'FAILED', error: 'asked_to_fail', attempts: 2 };
}

function failing(random: Random): Part {
  const failures = random.whole(1, 2);
  return {
    body: { ...short(random), fail_attempts: failures, max_attempts: 4 },
    end: 'SUCCESS',
    attempts: failures + 1,
  };
}
