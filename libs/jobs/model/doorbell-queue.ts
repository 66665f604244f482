import type { Agenda } from './agenda.js';
import type { Ring } from './job-table.js';

/** After so long a delivery of a vanished worker is taken up again: lock and stalled check of BullMQ. */
const stalledMs = 15_000;

/** As few as can be: what a thousand cover up in production shows with one. */
const enoughBells = 1;

/** A delivery that the queue keeps under its id until it is finished. */
export interface Bell {
  readonly jobId: string;
  readonly dispatch: number;
  state: 'waiting' | 'delayed' | 'active';
  /** Goes up with each change, so that an older delivery or timer of this bell has no say any more. */
  turn: number;
}

/** BullMQ as far as it matters: ids are unique while they are kept, and a bell may be lost, late or delivered twice. */
export class DoorbellQueue {
  reachable = true;
  private readonly bells = new Map<string, Bell>();

  constructor(
    private readonly agenda: Agenda,
    /** Called when a bell waits for a worker. */
    private readonly deliver: () => void,
  ) {}

  ring(rings: readonly Ring[]): void {
    if (!this.reachable) return;
    for (const { jobId, dispatch, delayMs } of rings) {
      if (delayMs === 0 && (this.waiting() ?? 0) >= enoughBells) continue;
      const id = `${jobId}-${dispatch}`;
      if (this.bells.has(id)) continue;
      const bell: Bell = { jobId, dispatch, state: 'waiting', turn: 0 };
      this.bells.set(id, bell);
      this.delay(bell, delayMs);
    }
  }

  /** How many bells wait for a worker; null when the queue does not answer. */
  waiting(): number | null {
    if (!this.reachable) return null;
    return [...this.bells.values()].filter(({ state }) => state === 'waiting').length;
  }

  /** Takes a waiting bell for a worker. */
  take(): Bell | null {
    if (!this.reachable) return null;
    for (const bell of this.bells.values()) {
      if (bell.state === 'waiting') {
        bell.state = 'active';
        bell.turn += 1;
        return bell;
      }
    }
    return null;
  }

  /** Ends a delivery, if it is still the one that was taken at this turn. */
  finish(bell: Bell, turn: number): void {
    if (bell.turn === turn) this.bells.delete(`${bell.jobId}-${bell.dispatch}`);
  }

  /** Puts a delivery back, if it is still the one that was taken at this turn. */
  putBack(bell: Bell, turn: number, delayMs: number): void {
    if (bell.turn === turn) this.delay(bell, delayMs);
  }

  wipe(): void {
    for (const bell of this.bells.values()) bell.turn += 1;
    this.bells.clear();
  }

  /** Every active bell is delivered once more, as after a lock that ran out. */
  redeliver(): void {
    for (const bell of this.bells.values()) if (bell.state === 'active') this.delay(bell, 0);
  }

  /** A process has ended: what it had taken is found stalled, and delivered again. */
  stall(): void {
    this.agenda.in(stalledMs, () => this.redeliver());
  }

  /** Every bell that waits comes much later than it should. */
  postpone(ms: number): void {
    for (const bell of this.bells.values()) if (bell.state !== 'active') this.delay(bell, ms);
  }

  private delay(bell: Bell, ms: number): void {
    const turn = (bell.turn += 1);
    bell.state = ms > 0 ? 'delayed' : 'waiting';
    this.agenda.in(ms, () => {
      if (bell.turn !== turn) return;
      bell.state = 'waiting';
      this.deliver();
    });
  }
}
