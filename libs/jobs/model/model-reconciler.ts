import { leaderLeaseSeconds } from '../recovery.js';
import type { Row } from './job-table.js';
import type { ModelProcess } from './model-process.js';
import { limits } from './rules.js';

/** The Reconciler of one worker process. Every statement goes over the worker's link, so much may happen in between. */
export class ModelReconciler {
  private outageUntil = 0;
  private working = false;
  private stopped = false;

  constructor(private readonly worker: ModelProcess) {}

  start(): void {
    this.working = this.stopped = false;
    this.outageUntil = 0;
    this.worker.every(limits.RECONCILE_SECONDS * 1000, () => this.tick());
    this.tick();
  }

  stop(): void {
    this.stopped = true;
    const { system, identity } = this.worker;
    this.worker.ask(
      () => system.releaseLeader(identity),
      () => undefined,
      () => undefined,
    );
  }

  private tick(): void {
    if (this.stopped || this.working) return;
    this.working = true;
    const { system, identity } = this.worker;
    this.ask(
      () => system.acquireLeader(identity, leaderLeaseSeconds(limits)),
      (leading) => (leading ? this.recoverLapsed() : this.end()),
    );
  }

  private end(): void {
    this.working = false;
  }

  private recoverLapsed(): void {
    const { table, rules } = this.worker.system;
    if (this.worker.monotonic < this.outageUntil) return this.endOverdue();
    this.ask(
      () => table.lapsed(),
      (lapsed) =>
        this.setRight(
          lapsed,
          (row) => (rules.verdictOnLapsed(row, limits) === 'recover' ? table.recover(row) : table.quarantine(row)),
          () => this.endOverdue(),
        ),
    );
  }

  private endOverdue(): void {
    const { table } = this.worker.system;
    this.ask(
      () => table.overdue(),
      (overdue) =>
        this.setRight(
          overdue,
          (row) => table.fail(row),
          () => this.ringLost(),
        ),
    );
  }

  private ringLost(): void {
    const { table, queue, rules } = this.worker.system;
    if (!rules.ringsLost) return this.end();
    this.ask(
      () => table.due(),
      (due) => {
        const waiting = queue.waiting() ?? due.length;
        const lost = due.slice(0, Math.max(0, due.length - waiting));
        const doorbells = lost.map(({ id, dispatch }) => ({ jobId: id, dispatch }));
        if (lost.length === 0) return this.end();
        this.ask(
          () => table.nextDispatch(doorbells, 'pending'),
          (rings) => {
            queue.ring(rings);
            this.end();
          },
        );
      },
    );
  }

  /** One row after the other; a failure with one does not keep the others from being set right. */
  private setRight(rows: readonly Row[], change: (row: Row) => Row | null, then: () => void): void {
    const [row, ...others] = rows;
    if (row === undefined || this.stopped) return then();
    const on = () => this.setRight(others, change, then);
    this.worker.ask(
      () => change(row),
      (changed) => {
        if (changed?.status === 'PENDING') this.worker.system.ringFor(changed);
        on();
      },
      on,
    );
  }

  private ask<T>(statement: () => T, answered: (answer: T) => void): void {
    this.worker.ask(statement, answered, () => {
      this.outageUntil = this.worker.monotonic + limits.LEASE_SECONDS * 1000;
      this.end();
    });
  }
}
