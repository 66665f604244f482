import type { Evidence } from './evidence.js';

/** One thing that must not be. */
export interface Violation {
  /** The job it is about, if it is about one. */
  readonly taskId?: string;
  readonly what: string;
}

/** A column of the table that counts a check's violations by itself. */
export type Column = 'lost' | 'stuck' | 'doubled' | 'gaps';

/** One invariant. */
export interface Check {
  readonly name: string;
  readonly column?: Column;
  find(evidence: Evidence): Violation[];
}
