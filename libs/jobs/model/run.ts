import type { Bell } from './doorbell-queue.js';
import type { Row } from './job-table.js';
import type { Work } from './schedule.js';

/** One run of a job in a worker. */
export interface Run {
  readonly job: Row;
  readonly slot: Slot;
  readonly work: Work;
  /** When its claim was sent, in true time. */
  readonly since: number;
  provedAt: number;
  stopped: Error | null;
  /** The attempt has an outcome; a handler that ignores its signal may still be running. */
  ended: boolean;
}

/** A delivery in use. */
export interface Slot {
  readonly bell: Bell;
  readonly turn: number;
  metItsJob: boolean;
}
