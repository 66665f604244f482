import type { Caller, Target } from './target.js';

/** One thing that a deployment has to do. */
export interface Check {
  readonly name: string;
  /** Whose token it needs beside the user's; without it the check is skipped. */
  readonly as?: Caller;
  /** The name of a check without which this one cannot go well. */
  readonly after?: string;
  /** @throws Miss */
  run(target: Target): Promise<void>;
}

export const runsTasks = 'a task runs to its end';
