import { PermanentError, RetryableError, ShutdownError, TimeoutError } from '../job-errors.js';
import type { Outcome } from '../outcome.js';
import type { Bell } from './doorbell-queue.js';
import type { Row } from './job-table.js';
import { ModelLeaseKeeper } from './model-lease-keeper.js';
import { ModelProcess } from './model-process.js';
import { ModelReconciler } from './model-reconciler.js';
import { limits } from './rules.js';
import type { Run, Slot } from './run.js';

const slots = 2;
const abandonMs = 5_000;
const putBackMs = 1_000;
const lastTriesMs = 5_000;

// Errors are made once: their stacks are of no use here, and slow.
const shutdown = new ShutdownError('shutdown');
const timeout = new TimeoutError('timeout');
const thrown = {
  'fails for now': new RetryableError('busy', 'busy'),
  'fails for good': new PermanentError('bad', 'bad'),
};

/** A worker process: what JobRunner does, with its waits and without its I/O. */
export class ModelWorker extends ModelProcess {
  draining = false;
  /** Handlers that are running, also those of attempts that have ended without them. */
  readonly running = new Set<Run>();
  readonly leases = new ModelLeaseKeeper(this, (run, reason) => this.stop(run, reason));
  private readonly reconciler = new ModelReconciler(this);
  private free = slots;

  get ready(): boolean {
    return this.alive && !this.frozen && !this.draining && this.free > 0;
  }

  protected override started(): void {
    this.draining = false;
    this.free = slots;
    this.leases.start();
    this.reconciler.start();
    this.system.deliver();
  }

  protected override ended(): void {
    this.leases.forget();
    this.running.clear();
    this.system.queue.stall();
  }

  /** SIGTERM. */
  drain(): void {
    if (!this.alive || this.draining) return;
    this.draining = true;
    this.reconciler.stop();
    this.after(limits.DRAIN_SECONDS * 1000, () => this.leases.held.forEach((run) => this.stop(run, shutdown)));
    this.exitWhenIdle();
  }

  serve(bell: Bell): void {
    this.free -= 1;
    this.next({ bell, turn: bell.turn, metItsJob: false });
  }

  /** The loop of one slot: claims until nothing is due. */
  private next(slot: Slot): void {
    if (this.draining) return this.leave(slot);
    const sentAt = this.fencingClock;
    const since = this.system.agenda.now;
    const nonce = this.system.nextNonce();
    const { table } = this.system;
    const putBack = () => this.putBack(slot);
    this.ask(
      () => table.claim(nonce, this.wallClock),
      (job) => (job === null ? this.leave(slot) : this.begin(slot, job, since, sentAt)),
      () =>
        this.ask(
          () => table.claimedWith(nonce),
          (job) => (job === null ? putBack() : this.begin(slot, job, since, sentAt)),
          putBack,
        ),
    );
  }

  private putBack(slot: Slot): void {
    // BullMQ compares with wall clocks.
    this.system.queue.putBack(slot.bell, slot.turn, putBackMs + Math.max(0, this.wallAhead));
    this.after(putBackMs, () => this.freed());
  }

  /** A slot that ends beside due jobs gives its bell to another worker. */
  private giveWay(slot: Slot): void {
    this.system.queue.putBack(slot.bell, slot.turn, 0);
    this.freed();
  }

  private leave(slot: Slot): void {
    const leave = () => {
      this.system.queue.finish(slot.bell, slot.turn);
      this.freed();
    };
    if (this.draining) return this.giveWay(slot);
    if (slot.metItsJob) return leave();
    this.ask(
      () => this.system.table.nextDispatch([slot.bell], 'early'),
      (rings) => {
        this.system.queue.ring(rings);
        leave();
      },
      leave,
    );
  }

  private freed(): void {
    this.free += 1;
    if (this.draining) this.exitWhenIdle();
    else this.system.deliver();
  }

  private exitWhenIdle(): void {
    if (this.free === slots) this.die();
  }

  private begin(slot: Slot, job: Row, since: number, sentAt: number): void {
    slot.metItsJob ||= job.id === slot.bell.jobId;
    const provedAt = this.system.rules.provedAt(sentAt, this.fencingClock);
    const work = this.system.nextWork();
    const run: Run = { job, slot, work, since, provedAt, stopped: null, ended: false };
    if (this.draining) return this.settle(run, { kind: 'handed_over', reason: 'shutdown' });
    this.running.add(run);
    this.system.tell(this.name, () => `runs ${job.id} under fence ${job.fence}: ${work.seconds} s, ${work.result}`);
    const age = this.fencingClock - this.system.rules.deadlineFrom(sentAt, this.fencingClock);
    this.after(job.timeoutSeconds * 1000 - age, () => this.stop(run, timeout));
    this.after(work.seconds * 500, () => this.note(run));
    this.after(work.seconds * 1000, () => this.finish(run));
    this.leases.hold(run);
  }

  private note(run: Run): void {
    if (run.ended || run.stopped) return;
    this.ask(
      () => this.system.table.append(run.job, 1),
      (kept) => {
        if (!kept) this.leases.lost(run);
      },
      () => undefined,
    );
  }

  private finish(run: Run): void {
    this.running.delete(run);
    if (run.ended) return;
    const { result } = run.work;
    if (result === 'succeeds' && run.stopped !== timeout) return this.settle(run, { kind: 'succeeded', result: {} });
    this.settle(run, this.outcome(run, result === 'succeeds' ? timeout : thrown[result]));
  }

  /** Aborts the handler; the first reason stays. */
  private stop(run: Run, reason: Error): void {
    if (run.stopped || run.ended) return;
    run.stopped = reason;
    this.system.tell(this.name, () => `stops ${run.job.id} under fence ${run.job.fence}: ${reason.message}`);
    const { manners } = run.work;
    if (manners === 'obeys at once') return this.obey(run);
    this.after(manners === 'obeys in 2 s' ? 2_000 : abandonMs, () => this.obey(run));
  }

  private obey(run: Run): void {
    if (run.ended) return;
    if (run.work.manners !== 'never obeys') this.running.delete(run);
    this.settle(run, this.outcome(run, run.stopped));
  }

  private outcome(run: Run, error: unknown): Outcome {
    return this.system.rules.outcomeOfError(error, run.stopped ?? undefined, run.job, limits, this.system.random);
  }

  private settle(run: Run, outcome: Outcome): void {
    run.ended = true;
    this.record(run, outcome, 100, this.monotonic);
  }

  private record(run: Run, outcome: Outcome, wait: number, since: number): void {
    const done = () => {
      this.leases.drop(run);
      this.next(run.slot);
    };
    if (outcome.kind === 'cancelled') return done();
    this.ask(
      () => this.write(run.job, outcome),
      (row) => {
        if (row?.status === 'PENDING') this.system.ringFor(row);
        done();
      },
      () => {
        if (this.draining && this.monotonic + wait - since > lastTriesMs) return done();
        this.after(wait, () => this.record(run, outcome, Math.min(wait * 2, 5_000), since));
      },
    );
  }

  private write(job: Row, outcome: Exclude<Outcome, { kind: 'cancelled' }>): Row | null {
    const { table } = this.system;
    switch (outcome.kind) {
      case 'succeeded':
        return table.succeed(job);
      case 'failed':
        return table.fail(job);
      case 'retry':
        return table.retry(job, outcome.delayMs);
      case 'handed_over':
        return table.handOver(job);
    }
  }
}
