import type { Backend } from '../../support/backends.js';
import type { Check } from '../checks/check.js';
import type { Fault } from '../fault.js';

/** One change of a source file. */
export interface Edit {
  /** From the root of the tree. */
  readonly file: string;
  /** Stands in the file exactly once: a bug must not rot silently. */
  readonly find: string;
  readonly replace: string;
}

/** A mistake put into a copy of the sources, to see whether the harness finds it. */
export interface Bug {
  /** As `--bug` takes it. */
  readonly name: string;
  /** For people: what is wrong, in one line. */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** What brings it to light. */
  readonly fault: Fault;
  readonly backend: Backend;
  readonly jobs: number;
  /** One of these has to find it: what others find on the way may be chance. */
  readonly caughtBy: readonly Check[];
}

/** @throws Error when the text to be replaced is not there, or more than once. */
export function applyEdit(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${find}`);
  return parts.join(replace);
}
