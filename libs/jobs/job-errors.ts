/** An attempt failed in a way that no repetition mends: the job is FAILED at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An attempt failed, and a later one may well succeed: it is retried while attempts are left. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  /** @param after least wait before the next attempt, in milliseconds; without it the backoff decides. */
  constructor(
    readonly code: string,
    message: string,
    readonly after?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The reason of an aborted `signal`: an admin cancelled the job. The handler should stop; its result is refused. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** The reason of an aborted `signal`: the attempt ran longer than `timeout_seconds`. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The reason of an aborted `signal`: the worker stops. The job is handed over and goes on from its checkpoint. */
export class ShutdownError extends Error {
  override readonly name = 'ShutdownError';
}

/** The lease is gone, or cannot be proved: somebody else may own the job now, so this attempt must not go on. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Codes that the engine itself puts into a task's `error.code`; a kind documents its own in its definition. */
export const engineErrorCodes = {
  handler_error: 'The handler threw an error that names no code.',
  timeout: 'The attempt ran longer than `timeout_seconds`.',
  quarantined: 'The worker vanished under this job too often; it is not started again by itself.',
  result_too_large: 'The result is larger than `MAX_RESULT_BYTES`.',
  result_not_storable: 'PostgreSQL refused the result or the last log lines for what they contain.',
  invalid_input: 'The stored input does not fit the kind any more.',
} as const;
