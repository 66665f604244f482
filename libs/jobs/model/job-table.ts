import { transitions, type JobStatus, type TransitionName } from '../job-status.js';
import { deadlineGraceSeconds, ringGraceSeconds } from '../recovery.js';
import { limits, type Rules } from './rules.js';
import type { Witness } from './witness.js';

/** The columns of a job that decide something. Times are in milliseconds of the database's clock. */
export interface Row {
  readonly id: string;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  status: JobStatus;
  attempts: number;
  recoveries: number;
  fence: number;
  nonce: number | null;
  leaseExpiresAt: number | null;
  deadlineAt: number | null;
  runAt: number;
  enqueuedAt: number;
  dispatch: number;
  lastSeq: number;
}

export type NewRow = Pick<Row, 'id' | 'maxAttempts' | 'timeoutSeconds'>;
export type Fenced = Pick<Row, 'id' | 'fence'>;

/** A doorbell to be rung: which job is meant, the number of the ring, and milliseconds from now. */
export interface Ring {
  readonly jobId: string;
  readonly dispatch: number;
  readonly delayMs: number;
}

/**
 * The table `jobs`, in memory: each method does what the method of the same name of JobStore or JobReader does in one
 * statement, with the same guards. Null, false or an empty answer: somebody else was there first.
 */
export class JobTable {
  readonly rows = new Map<string, Row>();
  /** The database's clock. */
  now = 0;
  startedAt = -limits.LEASE_SECONDS * 1000;

  constructor(
    private readonly rules: Rules,
    private readonly witness: Witness,
    /** Hears of every change of status. */
    private readonly told: (row: Row, name: TransitionName) => void = () => undefined,
  ) {}

  insert({ id, maxAttempts, timeoutSeconds }: NewRow): Row {
    const row: Row = {
      id,
      maxAttempts,
      timeoutSeconds,
      status: 'PENDING',
      attempts: 0,
      recoveries: 0,
      fence: 0,
      nonce: null,
      leaseExpiresAt: null,
      deadlineAt: null,
      runAt: this.now,
      enqueuedAt: this.now,
      dispatch: 1,
      lastSeq: 1,
    };
    this.rows.set(id, row);
    this.witness.submitted(row);
    this.told(row, 'submitted');
    return row;
  }

  /** @param workerClock the wall clock of the worker, which no rule may use. */
  claim(nonce: number, workerClock: number): Row | null {
    let due: Row | null = null;
    for (const row of this.rows.values()) {
      if (this.rules.mayMove(row.status, 'started') && row.runAt <= this.now && (due === null || row.runAt < due.runAt))
        due = row;
    }
    if (due === null) return null;
    due.attempts += 1;
    due.fence = this.rules.nextFence(due.fence);
    due.nonce = nonce;
    due.leaseExpiresAt = this.rules.leaseClock(this.now, workerClock) + limits.LEASE_SECONDS * 1000;
    due.deadlineAt = this.now + due.timeoutSeconds * 1000;
    return this.moved(due, 'started', null, 0);
  }

  claimedWith(nonce: number): Row | null {
    for (const row of this.rows.values()) {
      if (row.status === 'RUNNING' && row.nonce === nonce) return { ...row };
    }
    return null;
  }

  extendLeases(attempts: readonly Fenced[], workerClock: number): Set<string> {
    const kept = new Set<string>();
    for (const { id, fence } of attempts) {
      const row = this.rows.get(id);
      if (row?.status !== 'RUNNING' || !this.rules.fenceHolds(row, fence)) continue;
      row.leaseExpiresAt = this.rules.leaseClock(this.now, workerClock) + limits.LEASE_SECONDS * 1000;
      this.witness.noted(row, fence, 0);
      kept.add(id);
    }
    return kept;
  }

  append({ id, fence }: Fenced, events: number): boolean {
    const row = this.rows.get(id);
    if (row?.status !== 'RUNNING' || !this.rules.fenceHolds(row, fence)) return false;
    row.lastSeq += events;
    this.witness.noted(row, fence, events);
    return true;
  }

  succeed(attempt: Fenced, notes = 0): Row | null {
    return this.end(attempt, 'succeeded', notes);
  }

  fail(attempt: Fenced, notes = 0): Row | null {
    return this.end(attempt, 'failed', notes);
  }

  retry(attempt: Fenced, delayMs: number, notes = 0): Row | null {
    const row = this.movable(attempt, 'retry_scheduled');
    if (row === null) return null;
    release(row);
    row.runAt = this.now + delayMs;
    row.enqueuedAt = this.now;
    row.dispatch = this.rules.nextDispatch(row.dispatch);
    return this.moved(row, 'retry_scheduled', attempt.fence, notes);
  }

  handOver(attempt: Fenced, notes = 0): Row | null {
    const row = this.movable(attempt, 'handed_over');
    if (row === null) return null;
    release(row);
    this.dueNow(row);
    row.attempts = this.rules.attemptsAfterHandOver(row.attempts);
    return this.moved(row, 'handed_over', attempt.fence, notes);
  }

  recover(attempt: Fenced): Row | null {
    const row = this.movable(attempt, 'recovered');
    if (row === null || !this.rules.leaseIsOver(row, this.now)) return null;
    release(row);
    this.dueNow(row);
    row.attempts = this.rules.attemptsAfterRecovery(row.attempts);
    row.recoveries += 1;
    return this.moved(row, 'recovered', attempt.fence, 0);
  }

  quarantine(attempt: Fenced): Row | null {
    const row = this.rows.get(attempt.id);
    return row !== undefined && this.rules.leaseIsOver(row, this.now) ? this.end(attempt, 'failed', 0) : null;
  }

  cancel(id: string): Row | null {
    const row = this.rows.get(id);
    if (row === undefined || !this.rules.mayMove(row.status, 'cancelled')) return null;
    release(row);
    return this.moved(row, 'cancelled', null, 0);
  }

  requeue(id: string): Row | null {
    const row = this.rows.get(id);
    if (row === undefined || !this.rules.mayMove(row.status, 'requeued')) return null;
    row.attempts = this.rules.attemptsAfterRequeue(row.attempts);
    row.recoveries = 0;
    this.dueNow(row);
    return this.moved(row, 'requeued', null, 0);
  }

  nextDispatch(doorbells: readonly Pick<Ring, 'jobId' | 'dispatch'>[], which: 'early' | 'pending'): Ring[] {
    const rings: Ring[] = [];
    for (const { jobId, dispatch } of doorbells) {
      const row = this.rows.get(jobId);
      if (row?.status !== 'PENDING' || row.dispatch !== dispatch) continue;
      if (which === 'early' && row.runAt <= this.now) continue;
      row.dispatch = this.rules.nextDispatch(row.dispatch);
      row.enqueuedAt = this.now;
      rings.push({ jobId, dispatch: row.dispatch, delayMs: Math.max(0, row.runAt - this.now) });
    }
    return rings;
  }

  lapsed(): Row[] {
    if (this.now <= this.startedAt + limits.LEASE_SECONDS * 1000) return [];
    return this.where((row) => row.status === 'RUNNING' && this.rules.leaseIsOver(row, this.now));
  }

  overdue(): Row[] {
    const extendedAt = (row: Row) => (row.leaseExpiresAt ?? 0) - limits.LEASE_SECONDS * 1000;
    return this.where(
      (row) =>
        row.status === 'RUNNING' &&
        row.deadlineAt !== null &&
        Math.min(extendedAt(row), this.now) > row.deadlineAt + deadlineGraceSeconds * 1000 &&
        !this.rules.leaseIsOver(row, this.now),
    );
  }

  due(): Row[] {
    const before = this.now - ringGraceSeconds * 1000;
    return this.where((row) => row.status === 'PENDING' && row.runAt < before && row.enqueuedAt < before);
  }

  /** Copies: what a reader holds does not change with the table. */
  private where(holds: (row: Row) => boolean): Row[] {
    const found: Row[] = [];
    for (const row of this.rows.values()) if (holds(row)) found.push({ ...row });
    return found;
  }

  private end(attempt: Fenced, name: TransitionName, notes: number): Row | null {
    const row = this.movable(attempt, name);
    if (row === null) return null;
    release(row);
    return this.moved(row, name, attempt.fence, notes);
  }

  private movable({ id, fence }: Fenced, name: TransitionName): Row | null {
    const row = this.rows.get(id);
    const may = row !== undefined && this.rules.mayMove(row.status, name) && this.rules.fenceHolds(row, fence);
    return may ? row : null;
  }

  private moved(row: Row, name: TransitionName, fence: number | null, notes: number): Row {
    row.status = transitions[name].to;
    row.lastSeq += notes + 1;
    this.told(row, name);
    this.witness.moved(row, name, fence, notes, this.now);
    return { ...row };
  }

  private dueNow(row: Row): void {
    row.runAt = row.enqueuedAt = this.now;
    row.dispatch = this.rules.nextDispatch(row.dispatch);
  }
}

function release(row: Row): void {
  row.leaseExpiresAt = null;
  row.deadlineAt = null;
}
