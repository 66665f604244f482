import { actions } from './actions.js';
import { answerMs } from './link.js';
import type { Rules } from './rules.js';
import type { Schedule, Step } from './schedule.js';
import { Violation } from './witness.js';
import { World } from './world.js';

/**
 * Plays one schedule, then mends everything and waits for the end of all jobs.
 * @throws Violation when something happens that never may. Its message carries the trace: when, who, what, and the
 *   row after it.
 */
export function play(schedule: Schedule, rules: Rules): void {
  try {
    run(schedule, rules, null);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(`${error.message}\n${traceOf(schedule, rules).join('\n')}`);
  }
}

/** The same again, now with a trace, which would cost too much in every run. */
function traceOf(schedule: Schedule, rules: Rules): readonly string[] {
  const trace: string[] = [];
  try {
    run(schedule, rules, trace);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
  }
  return trace;
}

function run(schedule: Schedule, rules: Rules, trace: string[] | null): void {
  const world = new World(rules, schedule, trace);
  const { system } = world;
  world.submit();
  for (const step of schedule.steps) {
    system.pass(step.afterMs);
    system.tell('schedule', () => sentence(step, world));
    actions[step.action](world, step.who, step.forMs);
  }
  system.pass(answerMs);
  system.tell('schedule', () => 'everything is mended');
  world.mend();
  world.expectEnds();
}

function sentence({ action, who, forMs }: Step, world: World): string {
  const isWhole = action.startsWith('the ') || action.startsWith('a ');
  const isOfJob = action === 'is cancelled' || action === 'is requeued';
  const subject = isWhole ? '' : isOfJob ? `${'ABC'[who]} ` : `${world.worker(who).name} `;
  return `${subject}${action} (${forMs / 1000} s)`;
}
