import { CancelledError, LeaseLostError } from '../job-errors.js';
import { selfFenceCheckMs } from '../self-fence.js';
import type { ModelProcess } from './model-process.js';
import { limits } from './rules.js';
import type { Run } from './run.js';

// Made once: their stacks are of no use here, and slow.
const cancelled = new CancelledError('cancelled');
const leaseLost = new LeaseLostError('lease lost');

/** The LeaseKeeper of one worker process. */
export class ModelLeaseKeeper {
  /** As in production one attempt a job: a newer one takes the place of an older. */
  readonly held = new Map<string, Run>();
  private readonly cancelledLately = new Set<string>();
  private beating = false;
  private checking = false;

  constructor(
    private readonly worker: ModelProcess,
    private readonly stop: (run: Run, reason: Error) => void,
  ) {}

  start(): void {
    this.beating = this.checking = false;
    this.worker.every(limits.HEARTBEAT_SECONDS * 1000, () => this.beat());
  }

  /** The process has ended. */
  forget(): void {
    this.held.clear();
    this.cancelledLately.clear();
  }

  hold(run: Run): void {
    const displaced = this.held.get(run.job.id);
    this.held.set(run.job.id, run);
    if (displaced && this.worker.system.rules.stopsDisplaced) this.stop(displaced, leaseLost);
    if (this.cancelledLately.has(run.job.id)) this.stop(run, cancelled);
    if (!this.checking) this.checkLater();
  }

  drop(run: Run): void {
    if (this.held.get(run.job.id) === run) this.held.delete(run.job.id);
  }

  hearCancel(id: string): void {
    this.cancelledLately.add(id);
    const run = this.held.get(id);
    if (run) this.stop(run, cancelled);
  }

  /** Finds out why a write was refused. */
  lost(run: Run): void {
    this.worker.ask(
      () => this.worker.system.table.rows.get(run.job.id)?.status,
      (status) => this.stop(run, status === 'CANCELLED' ? cancelled : leaseLost),
      () => this.stop(run, leaseLost),
    );
  }

  private beat(): void {
    if (this.held.size === 0 || this.beating) return;
    this.beating = true;
    const { worker } = this;
    const runs = [...this.held.values()];
    const jobs = runs.map(({ job }) => job);
    const sentAt = worker.fencingClock;
    worker.ask(
      () => worker.system.table.extendLeases(jobs, worker.wallClock),
      (kept) => {
        this.beating = false;
        for (const run of runs) {
          if (kept.has(run.job.id)) run.provedAt = worker.system.rules.provedAt(sentAt, worker.fencingClock);
          else if (this.held.get(run.job.id) === run) this.lost(run);
        }
      },
      () => (this.beating = false),
    );
  }

  /** Looks only while something is held: most of the time nothing is. */
  private checkLater(): void {
    this.checking = true;
    const { worker } = this;
    worker.after(selfFenceCheckMs(limits.LEASE_SECONDS), () => {
      this.checking = this.held.size > 0;
      if (!this.checking) return;
      for (const run of this.held.values()) {
        if (worker.system.rules.isUnproved(run.provedAt, worker.fencingClock, limits.LEASE_SECONDS))
          this.stop(run, leaseLost);
      }
      this.checkLater();
    });
  }
}
