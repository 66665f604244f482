import { isTerminal, transitions, type JobStatus, type TransitionName } from '../job-status.js';
import { limits } from './rules.js';

/** Something that must never happen, has. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** What the witness compares with its own notes. */
interface SeenRow {
  readonly id: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly recoveries: number;
  readonly fence: number;
  readonly lastSeq: number;
  readonly leaseExpiresAt: number | null;
}

/** What was seen of one job. */
interface Notes {
  last: TransitionName;
  seq: number;
  fence: number;
  used: number;
  recoveries: number;
  /** The lease as it was before the write that is looked at. */
  lease: number | null;
}

/**
 * Sees every accepted write and keeps books of its own, from which it knows what the row must say. It shares no rule
 * with the table that it watches.
 */
export class Witness {
  private readonly jobs = new Map<string, Notes>();

  submitted(row: SeenRow): void {
    this.jobs.set(row.id, { last: 'submitted', seq: 1, fence: 0, used: 0, recoveries: 0, lease: null });
  }

  /**
   * @param fence the attempt that wrote; null for an admin.
   * @param notes how many events came along before the transition's own.
   */
  moved(row: SeenRow, name: TransitionName, fence: number | null, notes: number, now: number): void {
    const seen = this.of(row);
    const before: JobStatus = transitions[seen.last].to;
    if (isTerminal(before) && name !== 'requeued') violated(`${row.id}: "${name}" after its end, "${seen.last}"`);
    if (name === 'requeued' && before !== 'FAILED') violated(`${row.id}: requeued from ${before}`);
    if (name === 'started' && before !== 'PENDING') violated(`${row.id}: started while ${before}`);
    if (name === 'started') this.started(row, seen);
    else if (fence !== null) this.mayWrite(row, seen, fence, name);
    if (name === 'recovered') {
      if (seen.lease === null || seen.lease >= now) violated(`${row.id}: recovered although its lease had not run out`);
      seen.recoveries += 1;
    }
    if (name === 'handed_over' || name === 'recovered') seen.used -= 1;
    if (name === 'requeued') seen.used = seen.recoveries = 0;
    seen.last = name;
    seen.seq += notes + 1;
    this.agrees(row, seen);
  }

  /** An attempt wrote progress, or extended its lease. */
  noted(row: SeenRow, fence: number, events: number): void {
    const seen = this.of(row);
    this.mayWrite(row, seen, fence, 'a note');
    seen.seq += events;
    this.agrees(row, seen);
  }

  /** Claims that this job has had in all its rounds. */
  private started(row: SeenRow, seen: Notes): void {
    if (row.fence <= seen.fence) violated(`${row.id}: its fence went from ${seen.fence} to ${row.fence}`);
    seen.fence = row.fence;
    seen.used += 1;
  }

  /** At most one attempt may write: the one that claimed last, until it or somebody else has ended its run. */
  private mayWrite(row: SeenRow, seen: Notes, fence: number, what: string): void {
    if (fence !== seen.fence) violated(`${row.id}: "${what}" by fence ${fence} while fence ${seen.fence} owns the job`);
    if (seen.last !== 'started') violated(`${row.id}: "${what}" by fence ${fence} after "${seen.last}"`);
  }

  private agrees(row: SeenRow, seen: Notes): void {
    const { id } = row;
    const status = transitions[seen.last].to;
    if (row.status !== status) violated(`${id}: ${row.status} although its last event is "${seen.last}"`);
    if (row.lastSeq !== seen.seq) violated(`${id}: event number ${row.lastSeq} although it has ${seen.seq} events`);
    if (row.fence !== seen.fence) violated(`${id}: fence ${row.fence} although ${seen.fence} claimed last`);
    if (row.attempts !== seen.used) violated(`${id}: ${row.attempts} attempts although ${seen.used} were used up`);
    if (row.attempts > row.maxAttempts) violated(`${id}: ${row.attempts} attempts of ${row.maxAttempts}`);
    if (row.recoveries !== seen.recoveries)
      violated(`${id}: ${row.recoveries} recoveries although ${seen.recoveries} happened`);
    if (row.recoveries > limits.MAX_RECOVERIES)
      violated(`${id}: ${row.recoveries} recoveries of ${limits.MAX_RECOVERIES}`);
    if ((row.leaseExpiresAt !== null) !== (row.status === 'RUNNING')) violated(`${id}: a lease while ${row.status}`);
    seen.lease = row.leaseExpiresAt;
  }

  private of(row: SeenRow): Notes {
    const seen = this.jobs.get(row.id);
    if (seen === undefined) throw new Violation(`${row.id}: written before it was submitted`);
    return seen;
  }
}

/** @throws Violation always. */
export function violated(sentence: string): never {
  throw new Violation(sentence);
}
