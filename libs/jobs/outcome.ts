import type { Config } from '@longhaul/config';
import { fullJitterBackoff } from './backoff.js';
import {
  CancelledError,
  LeaseLostError,
  PermanentError,
  RetryableError,
  ShutdownError,
  TimeoutError,
} from './job-errors.js';
import type { JobError } from './job-event.js';
import { toStorableText } from './jsonb.js';

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly result: object }
  | { readonly kind: 'failed'; readonly error: JobError }
  | { readonly kind: 'retry'; readonly error: JobError; readonly delayMs: number }
  | { readonly kind: 'handed_over'; readonly reason: 'shutdown' | 'lease_lost' | 'claim_unknown' }
  | { readonly kind: 'cancelled' };

type BackoffLimits = Pick<Config, 'RETRY_BASE_MS' | 'RETRY_CAP_MS'>;

/**
 * Decides what an error means for the job.
 * @param stop the reason of the attempt's aborted signal, or undefined: once it is aborted, that reason decides,
 *   whatever the handler made of it.
 * @param random uniformly distributed in [0, 1); for the backoff.
 */
export function outcomeOfError(
  thrown: unknown,
  stop: unknown,
  job: { readonly attempts: number; readonly maxAttempts: number; readonly timeoutSeconds: number },
  limits: BackoffLimits,
  random: () => number = Math.random,
): Outcome {
  if (stop instanceof CancelledError) return { kind: 'cancelled' };
  if (stop instanceof ShutdownError) return { kind: 'handed_over', reason: 'shutdown' };
  if (stop instanceof LeaseLostError) return { kind: 'handed_over', reason: 'lease_lost' };
  if (stop instanceof TimeoutError) {
    const message = `The attempt ran longer than ${job.timeoutSeconds} s.`;
    return { kind: 'failed', error: { code: 'timeout', message, retryable: false } };
  }
  const error = describe(thrown);
  if (!error.retryable || job.attempts >= job.maxAttempts) return { kind: 'failed', error };
  const ceilings = { baseMs: limits.RETRY_BASE_MS, capMs: limits.RETRY_CAP_MS };
  const backoff = fullJitterBackoff(job.attempts, ceilings, random);
  const asked = thrown instanceof RetryableError ? (thrown.after ?? 0) : 0;
  return { kind: 'retry', error, delayMs: Math.max(backoff, asked) };
}

/** An error as the task shows it; the stack stays in the worker's log. */
export function describe(thrown: unknown): JobError {
  const message = toStorableText(thrown instanceof Error ? thrown.message : String(thrown), 2_000);
  if (thrown instanceof PermanentError) return { code: thrown.code, message, retryable: false };
  if (thrown instanceof RetryableError) return { code: thrown.code, message, retryable: true };
  return { code: 'handler_error', message, retryable: true };
}
