import { LeaseLostError, TimeoutError } from './job-errors.js';
import type { ClaimedJob } from './claim.store.js';
import { isUnproved } from './self-fence.js';

/** One run of a job in this process: its fence, its signal, and the clocks that stop it. */
export class Attempt {
  readonly id: string;
  readonly fence: number;
  private readonly controller = new AbortController();
  private readonly deadline: NodeJS.Timeout;
  private leaseProvedAt: number;

  /** @param claimSentAt monotonic time at which the claim was sent; the lease began no earlier. */
  constructor(
    readonly job: ClaimedJob,
    readonly claimSentAt: number,
  ) {
    this.id = job.id;
    this.fence = job.fence;
    this.leaseProvedAt = claimSentAt;
    this.deadline = setTimeout(
      () => this.stop(new TimeoutError(`The attempt ran longer than ${job.timeoutSeconds} s.`)),
      // Counted like the lease: after a slow claim the reconciler must not find the deadline passed before this does.
      job.timeoutSeconds * 1000 - (performance.now() - claimSentAt),
    );
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Aborts the handler; the first reason stays. */
  stop(reason: Error): void {
    this.controller.abort(reason);
  }

  /** A heartbeat that was sent at this monotonic time has been acknowledged. */
  leaseProved(sentAt: number): void {
    this.leaseProvedAt = sentAt;
  }

  /** Stops the attempt when its lease can no longer be proved: then another worker may own the job. */
  stopIfUnproved(leaseSeconds: number): void {
    if (isUnproved(this.leaseProvedAt, performance.now(), leaseSeconds)) {
      this.stop(new LeaseLostError('No heartbeat was acknowledged in time.'));
    }
  }

  /** Ends the attempt's own clock. */
  close(): void {
    clearTimeout(this.deadline);
  }
}
