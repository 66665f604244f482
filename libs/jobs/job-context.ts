import type { LogLevel } from './job-event.js';

/** What a handler says of its progress; `percent` (0–100) follows from `current` and `total` when it is left out. */
export interface ProgressReport {
  readonly percent?: number;
  readonly current?: number;
  readonly total?: number;
  readonly message?: string;
}

/** Where a context writes: the journal of the attempt, or a test's own record. */
export interface ContextSink {
  progress(report: ProgressReport): void;
  log(level: LogLevel, message: string, data?: Record<string, unknown>): void;
  checkpoint(state: unknown): Promise<void>;
}

/** Everything one attempt of a job may use. */
export class JobContext<Input extends object, Checkpoint = unknown> {
  readonly jobId: string;
  readonly ownerId: string;
  /** 1 for the first attempt; hand-overs and recoveries do not count. */
  readonly attempt: number;
  /** Grows with every claim. Send it along with outside effects, so that a stale attempt can be told apart. */
  readonly fence: number;
  /** The kind's own fields, checked and with defaults filled in. */
  readonly input: Input;
  /**
   * Aborts when the attempt must stop; `signal.reason` is a CancelledError, TimeoutError, ShutdownError or
   * LeaseLostError. Pass it to everything that takes one; after it, throw its reason as soon as possible.
   */
  readonly signal: AbortSignal;
  /** The last checkpoint that an earlier attempt stored, or null. */
  readonly restored: Checkpoint | null;

  constructor(
    attempt: Pick<
      JobContext<Input, Checkpoint>,
      'jobId' | 'ownerId' | 'attempt' | 'fence' | 'input' | 'signal' | 'restored'
    >,
    private readonly sink: ContextSink,
  ) {
    this.jobId = attempt.jobId;
    this.ownerId = attempt.ownerId;
    this.attempt = attempt.attempt;
    this.fence = attempt.fence;
    this.input = attempt.input;
    this.signal = attempt.signal;
    this.restored = attempt.restored;
  }

  /** Reports progress. Cheap: reports are coalesced to at most about four durable ones a second. */
  progress(report: ProgressReport): void {
    this.sink.progress(report);
  }

  /** Adds a line to the task's log; it becomes durable within about a quarter of a second. */
  log(level: LogLevel, message: string, data?: Record<string, unknown>): void {
    this.sink.log(level, message, data);
  }

  /**
   * Stores where the work stands; the next attempt finds it in {@link restored}. Resolves once it is durable.
   * @throws LeaseLostError if this attempt does not own the job any more.
   */
  async checkpoint(state: Checkpoint): Promise<void> {
    await this.sink.checkpoint(state);
  }
}
