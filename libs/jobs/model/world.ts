import { isTerminal } from '../job-status.js';
import { deadlineGraceSeconds, leaderLeaseSeconds, ringGraceSeconds } from '../recovery.js';
import type { Row } from './job-table.js';
import { answerMs, queryTimeoutMs, type Link } from './link.js';
import { ModelWorker } from './model-worker.js';
import { limits, type Rules } from './rules.js';
import type { Run } from './run.js';
import type { Schedule } from './schedule.js';
import { System } from './system.js';
import { violated } from './witness.js';

const timeoutSeconds = 60;
const jobNames = ['A', 'B', 'C'] as const;

/** The system with its workers, and what a schedule can do to them. */
export class World {
  readonly system: System;
  private readonly workers: readonly ModelWorker[];

  constructor(
    rules: Rules,
    private readonly schedule: Schedule,
    trace: string[] | null,
  ) {
    const system = new System(rules, schedule, trace);
    this.system = system;
    this.workers = schedule.rates.map((rate, index) => new ModelWorker(`worker ${index + 1}`, system, rate));
    system.deliver = () => this.deliver();
    system.claimed = (row) => this.expectAlone(row);
    this.workers.forEach((worker, index) => system.agenda.in(schedule.startsMs[index], () => worker.start()));
  }

  submit(): void {
    const { system } = this;
    const id = jobNames[system.table.rows.size];
    if (id === undefined) return;
    system.actor = 'api';
    system.ringFor(system.table.insert({ id, maxAttempts: this.schedule.maxAttempts, timeoutSeconds }));
  }

  cancel(who: number): void {
    const row = this.row(who);
    if (row === undefined || this.system.table.cancel(row.id) === null) return;
    // A hint: whoever cannot hear it learns it from a refused heartbeat.
    for (const worker of this.workers) {
      if (worker.link === 'good') worker.after(answerMs, () => worker.leases.hearCancel(row.id));
    }
  }

  requeue(who: number): void {
    const row = this.row(who);
    const requeued = row === undefined ? null : this.system.table.requeue(row.id);
    if (requeued) this.system.ringFor(requeued);
  }

  worker(who: number): ModelWorker {
    return this.workers[who % this.workers.length];
  }

  freeze(worker: ModelWorker, ms: number): void {
    worker.freeze();
    this.system.agenda.in(ms, () => worker.thaw());
  }

  relink(who: number, link: Link, ms: number): void {
    const worker = this.worker(who);
    worker.link = link;
    this.system.agenda.in(ms, () => {
      if (worker.link === link) worker.link = 'good';
    });
  }

  setWallClock(who: number, ms: number): void {
    this.worker(who).wallAhead = ms;
  }

  /** Ends every fault that still lasts. */
  mend(): void {
    this.system.mend();
    for (const worker of this.workers) {
      worker.link = 'good';
      if (worker.frozen) worker.thaw();
    }
  }

  /**
   * Waits until all jobs have ended and their handlers have heard of it.
   * @throws Violation when that takes longer than the intervals allow.
   */
  expectEnds(): void {
    const { agenda, table } = this.system;
    const patience = this.patienceMs;
    const since = agenda.now;
    while ([...table.rows.values()].some(({ status }) => !isTerminal(status))) {
      if (agenda.now - since > patience) violated(`not ended ${patience / 1000} s after all was mended`);
      this.system.pass(1_000);
    }
    this.system.pass(limits.LEASE_SECONDS * 1000);
    for (const { name, running } of this.workers) {
      for (const { job, work } of running) {
        if (work.manners !== 'never obeys') violated(`${job.id}: ${name} never heard that its attempt is over`);
      }
    }
  }

  /** The lease, once, and what may hold up an attempt, as often as there are attempts. */
  private get patienceMs(): number {
    const { LEASE_SECONDS, RECONCILE_SECONDS, RETRY_BASE_MS } = limits;
    const round = leaderLeaseSeconds(limits) + RECONCILE_SECONDS * 1.1 + queryTimeoutMs / 1000;
    const vanished = queryTimeoutMs / 1000 + 2 * LEASE_SECONDS + round;
    const attempt = timeoutSeconds + deadlineGraceSeconds + ringGraceSeconds + round;
    const backoff = (RETRY_BASE_MS * 2 ** this.schedule.maxAttempts) / 1000;
    return this.system.putBack + 1000 * (vanished + this.schedule.maxAttempts * (attempt + backoff));
  }

  private deliver(): void {
    for (;;) {
      const worker = this.workers.find(({ ready }) => ready);
      const bell = worker === undefined ? null : this.system.queue.take();
      if (worker === undefined || bell === null) return;
      worker.serve(bell);
    }
  }

  private expectAlone(row: Row): void {
    for (const worker of this.workers) {
      for (const run of worker.running) {
        if (run.job.id !== row.id || this.isExcused(run, worker)) continue;
        violated(`${row.id}: claimed while ${worker.name} still runs it under fence ${run.job.fence}`);
      }
    }
  }

  /**
   * Handlers of one job never run side by side, unless the process was frozen or the database's clock put ahead since
   * the claim was sent, or the handler ignores its signal. What such a handler writes is refused all the same.
   */
  private isExcused({ since, stopped, work }: Run, worker: ModelWorker): boolean {
    const frozen = worker.frozen || worker.frozenUntil >= since;
    return frozen || this.system.jumpedAt >= since || (stopped !== null && work.manners === 'never obeys');
  }

  private row(who: number): Row | undefined {
    this.system.actor = 'admin';
    return this.system.table.rows.get(jobNames[who]);
  }
}
