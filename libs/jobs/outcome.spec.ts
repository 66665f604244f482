import {
  CancelledError,
  LeaseLostError,
  PermanentError,
  RetryableError,
  ShutdownError,
  TimeoutError,
} from './job-errors.js';
import { outcomeOfError } from './outcome.js';

const limits = { RETRY_BASE_MS: 10, RETRY_CAP_MS: 20 };
const job = { attempts: 1, maxAttempts: 3, timeoutSeconds: 60 };

describe('the outcome of an attempt that threw', () => {
  const thrown = new Error('something else, thrown because the signal was aborted');

  it.each([
    [new CancelledError('c'), { kind: 'cancelled' }],
    [new ShutdownError('s'), { kind: 'handed_over', reason: 'shutdown' }],
    [new LeaseLostError('l'), { kind: 'handed_over', reason: 'lease_lost' }],
    [new TimeoutError('t'), { kind: 'failed', error: { code: 'timeout', retryable: false } }],
  ])('is decided by the reason of its aborted signal: %s', (stop, expected) => {
    expect(outcomeOfError(thrown, stop, job, limits)).toMatchObject(expected);
  });

  it('is a failure at once for a permanent error', () => {
    const outcome = outcomeOfError(new PermanentError('bad', 'never'), undefined, job, limits);
    expect(outcome).toEqual({ kind: 'failed', error: { code: 'bad', message: 'never', retryable: false } });
  });

  it('is a retry while attempts are left, whatever was thrown', () => {
    expect(outcomeOfError('a string', undefined, job, limits)).toMatchObject({
      kind: 'retry',
      error: { code: 'handler_error', message: 'a string', retryable: true },
    });
  });

  it('is a failure that says it was retryable when no attempt is left', () => {
    const last = { ...job, attempts: 3 };
    expect(outcomeOfError(new RetryableError('busy', 'later'), undefined, last, limits)).toEqual({
      kind: 'failed',
      error: { code: 'busy', message: 'later', retryable: true },
    });
  });

  it('waits at least as long as the error asks for', () => {
    const outcome = outcomeOfError(new RetryableError('busy', 'later', 5_000), undefined, job, limits);
    expect(outcome).toMatchObject({ kind: 'retry', delayMs: 5_000 });
  });
});
