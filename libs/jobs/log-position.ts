/** Up to where the log of all events is settled, by transaction number. */
export interface LogEnd {
  /** Which line of history the numbers belong to: another one after a restore, or after a standby took over. */
  readonly origin: string;
  readonly at: bigint;
}

/**
 * A place in the log of all events. The log is cut into batches `[from, to)` of transaction numbers; a batch holds
 * nothing that could still change, and its events go by job and number. `event` is the last one taken of the batch, or
 * null when all of it has been taken.
 */
export interface LogPosition {
  readonly origin: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly event: { readonly jobId: string; readonly seq: number } | null;
}

/** The end of a batch. */
export function endOf({ origin, at }: LogEnd): LogPosition {
  return { origin, from: at, to: at, event: null };
}
