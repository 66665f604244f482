import type { Rules } from './rules.js';
import type { Schedule } from './schedule.js';
import { Violation } from './witness.js';
import { World } from './world.js';

/** Plays one schedule. A violation carries the trace in its message: when, who, what, and the row after it. */
export function play(schedule: Schedule, rules: Rules): number {
  try {
    return new World(rules, schedule, null).run();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(`${error.message}\n${traceOf(schedule, rules).join('\n')}`);
  }
}

/** The trace of a schedule, up to its violation. */
function traceOf(schedule: Schedule, rules: Rules): readonly string[] {
  const trace: string[] = [];
  try {
    new World(rules, schedule, trace).run();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
  }
  return trace;
}
