import { isTerminal, type TransitionName } from '../job-status.js';
import { deadlineGraceSeconds, leaderLeaseSeconds, ringGraceSeconds } from '../recovery.js';
import { Agenda } from './agenda.js';
import { DoorbellQueue } from './doorbell-queue.js';
import { JobTable, type Row } from './job-table.js';
import { answerMs, overLink, queryTimeoutMs, type Link } from './link.js';
import type { ModelProcess } from './model-process.js';
import { ModelWorker, type Run } from './model-worker.js';
import { limits, type Rules } from './rules.js';
import { actions, type Schedule, type Work } from './schedule.js';
import { violated, Witness } from './witness.js';

const timeoutSeconds = 60;
const mostJobs = 3;
const easyWork: Work = { seconds: 1, result: 'succeeds', manners: 'obeys at once' };

/** A database, a queue, two workers and what is between them, moved by a schedule in virtual time. */
export class World {
  readonly agenda = new Agenda();
  readonly table: JobTable;
  readonly queue: DoorbellQueue;
  /** Handlers that are running, also those of attempts that have ended without them. */
  readonly handlers = new Set<Run>();
  private readonly workers: ModelWorker[];
  private readonly leader = { holder: '', expiresAt: -1 };
  private databaseUp = true;
  private clockAhead = 0;
  private jumpedAt = -1;
  /** How far the database's clock was ever put back, in all. */
  private putBack = 0;
  private nonces = 0;
  private works = 0;
  private actor = '';

  constructor(
    readonly rules: Rules,
    private readonly schedule: Schedule,
    private readonly trace: string[] | null,
  ) {
    this.table = new JobTable(rules, new Witness(), (row, name) => this.changed(row, name));
    this.queue = new DoorbellQueue(this.agenda, () => this.deliver());
    this.workers = schedule.rates.map((rate, index) => new ModelWorker(`worker ${index + 1}`, this, rate));
  }

  /**
   * Plays the schedule, then mends everything and waits until all jobs have ended.
   * @returns how long that took after the mending, in milliseconds.
   * @throws Violation when something happens that never may.
   */
  run(): number {
    this.workers.forEach((worker, index) => this.agenda.in(this.schedule.startsMs[index], () => worker.start()));
    this.submit();
    for (const { afterMs, action, who, forMs } of this.schedule.steps) {
      this.pass(afterMs);
      this.tell('schedule', () => `${this.named(action, who)} (${forMs / 1000} s)`);
      actions[action](this, who, forMs);
    }
    this.pass(answerMs);
    this.mend();
    const since = this.agenda.now;
    while ([...this.table.rows.values()].some(({ status }) => !isTerminal(status))) {
      if (this.agenda.now - since > this.patienceMs)
        violated(`not ended ${this.patienceMs / 1000} s after all was mended`);
      this.pass(1_000);
    }
    const took = this.agenda.now - since;
    this.expectQuiet();
    return took;
  }

  // What the schedule does.

  submit(): void {
    if (this.table.rows.size === mostJobs) return;
    const id = 'ABC'[this.table.rows.size];
    this.actor = 'api';
    this.ringFor(this.table.insert({ id, maxAttempts: this.schedule.maxAttempts, timeoutSeconds }));
  }

  cancel(who: number): void {
    const row = this.row(who);
    if (row === undefined || this.table.cancel(row.id) === null) return;
    // A hint: whoever cannot hear it learns it from a refused heartbeat.
    for (const worker of this.workers)
      if (worker.link === 'good') worker.after(answerMs, () => worker.leases.hearCancel(row.id));
  }

  requeue(who: number): void {
    const row = this.row(who);
    const requeued = row === undefined ? null : this.table.requeue(row.id);
    if (requeued) this.ringFor(requeued);
  }

  worker(who: number): ModelWorker {
    return this.workers[who % this.workers.length];
  }

  freeze(worker: ModelWorker, ms: number): void {
    worker.freeze();
    this.agenda.in(ms, () => worker.thaw());
  }

  relink(who: number, link: Link, ms: number): void {
    const worker = this.worker(who);
    worker.link = link;
    this.agenda.in(ms, () => {
      if (worker.link === link) worker.link = 'good';
    });
  }

  outage(ms: number): void {
    this.databaseUp = false;
    this.agenda.in(ms, () => this.databaseStarts());
  }

  jump(ms: number): void {
    this.clockAhead += ms;
    this.putBack += Math.max(0, -ms);
    if (ms > 0) this.jumpedAt = this.agenda.now;
    this.setDatabaseClock();
  }

  setWallClock(who: number, ms: number): void {
    this.worker(who).wallAhead = ms;
  }

  queueOutage(ms: number): void {
    this.queue.reachable = false;
    this.agenda.in(ms, () => this.queueReturns());
  }

  // What the workers use.

  /** Executes a statement or not, and answers or not, as the link has it; both are told after how many milliseconds. */
  send<T>(
    { link, name }: ModelProcess,
    statement: () => T,
    answered: (answer: T, ms: number) => void,
    failed: (ms: number) => void,
  ): void {
    const execute = (then: (answer: T) => void) => {
      if (!this.databaseUp) return failed(answerMs);
      this.actor = name;
      this.setDatabaseClock();
      then(statement());
    };
    overLink(link, this.agenda, execute, () => this.databaseUp, answered, failed);
  }

  readonly random = (): number => this.schedule.random;

  nextNonce(): number {
    return (this.nonces += 1);
  }

  nextWork(): Work {
    return this.schedule.works[this.works++] ?? easyWork;
  }

  ringFor(row: Row): void {
    this.queue.ring([{ jobId: row.id, dispatch: row.dispatch, delayMs: Math.max(0, row.runAt - row.enqueuedAt) }]);
  }

  /** Gives waiting doorbells to workers that have a free slot. */
  deliver(): void {
    for (;;) {
      const worker = this.workers.find(({ ready }) => ready);
      const bell = worker === undefined ? null : this.queue.take();
      if (worker === undefined || bell === null) return;
      worker.serve(bell);
    }
  }

  /** The process of this worker has ended, and its handlers with it. BullMQ finds its deliveries stalled later. */
  gone(worker: ModelWorker): void {
    for (const run of this.handlers) if (run.worker === worker) this.handlers.delete(run);
    this.agenda.in(15_000, () => this.queue.redeliver());
  }

  acquireLeader(holder: string, seconds: number): boolean {
    const { leader, table } = this;
    if (leader.holder !== holder && leader.expiresAt >= table.now) return false;
    leader.holder = holder;
    leader.expiresAt = table.now + seconds * 1000;
    return true;
  }

  releaseLeader(holder: string): void {
    if (this.leader.holder === holder) this.leader.expiresAt = this.table.now;
  }

  /** The text is only made when somebody wants the trace. */
  tell(who: string, what: () => string): void {
    this.trace?.push(`${(this.agenda.now / 1000).toFixed(3).padStart(8)} s  ${who}: ${what()}`);
  }

  private changed(row: Row, name: TransitionName): void {
    this.tell(this.actor, () => `${row.id} ${name}${effect(row)}`);
    if (name !== 'started') return;
    for (const run of this.handlers) {
      if (run.job.id !== row.id || this.isExcused(run)) continue;
      violated(`${row.id}: claimed while ${run.worker.name} still runs it under fence ${run.job.fence}`);
    }
  }

  /**
   * Handlers of one job never run side by side, unless the process was frozen or the database's clock put ahead since
   * the claim was sent, or the handler ignores its signal. What such a handler writes is refused all the same.
   */
  private isExcused({ worker, since, stopped, work }: Run): boolean {
    const frozen = worker.frozen || worker.frozenUntil >= since;
    return frozen || this.jumpedAt >= since || (stopped !== null && work.manners === 'never obeys');
  }

  private pass(ms: number): void {
    const until = this.agenda.now + ms;
    while (this.agenda.step(until));
    this.agenda.now = until;
    this.setDatabaseClock();
  }

  private setDatabaseClock(): void {
    this.table.now = this.agenda.now + this.clockAhead;
  }

  private mend(): void {
    this.tell('schedule', () => 'everything is mended');
    if (!this.databaseUp) this.databaseStarts();
    if (!this.queue.reachable) this.queueReturns();
    for (const worker of this.workers) {
      worker.link = 'good';
      if (worker.frozen) worker.thaw();
    }
  }

  private databaseStarts(): void {
    if (this.databaseUp) return;
    this.databaseUp = true;
    this.setDatabaseClock();
    this.table.startedAt = this.table.now;
  }

  private queueReturns(): void {
    this.queue.reachable = true;
    this.deliver();
  }

  /** By then every job must have ended: what may hold up one attempt, as often as there are attempts, and the lease. */
  private get patienceMs(): number {
    const { LEASE_SECONDS, RECONCILE_SECONDS, RETRY_BASE_MS } = limits;
    const round = leaderLeaseSeconds(limits) + RECONCILE_SECONDS * 1.1 + queryTimeoutMs / 1000;
    const vanished = queryTimeoutMs / 1000 + 2 * LEASE_SECONDS + round;
    const attempt = timeoutSeconds + deadlineGraceSeconds + ringGraceSeconds + round;
    const backoff = (RETRY_BASE_MS * 2 ** this.schedule.maxAttempts) / 1000;
    return this.putBack + 1000 * (vanished + this.schedule.maxAttempts * (attempt + backoff));
  }

  /** When all jobs have ended, their handlers soon hear of it. */
  private expectQuiet(): void {
    this.pass(limits.LEASE_SECONDS * 1000);
    for (const { job, worker, work } of this.handlers) {
      if (work.manners !== 'never obeys') violated(`${job.id}: ${worker.name} never heard that its attempt is over`);
    }
  }

  private row(who: number): Row | undefined {
    this.actor = 'admin';
    return this.table.rows.get('ABC'[who]);
  }

  private named(action: keyof typeof actions, who: number): string {
    if (action.startsWith('the ') || action.startsWith('a ')) return action;
    return action === 'is cancelled' || action === 'is requeued'
      ? `${'ABC'[who]} ${action}`
      : `${this.worker(who).name} ${action}`;
  }
}

function effect({ status, fence, attempts, recoveries, lastSeq }: Row): string {
  return ` → ${status}, fence ${fence}, attempts ${attempts}, recoveries ${recoveries}, seq ${lastSeq}`;
}
