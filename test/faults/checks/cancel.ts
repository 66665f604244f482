import type { Check, Violation } from './check.js';
import type { Evidence } from './evidence.js';

/** A handler has five seconds to obey once it is told, and an effect may be on its way. */
const obeyMs = 6_000;

/** A worker hears of a cancel by the hint, or by its next heartbeat; one that was cut off or stood still, after that. */
export const stopsWhenCancelled: Check = {
  name: 'no effects long after a cancel',
  find: ({ jobs, effects, blows, config }) => {
    const hearMs = config.HEARTBEAT_SECONDS * 1000;
    return effects.flatMap(({ taskId, step, at, answer }): Violation[] => {
      const cancelledAt = jobs.get(taskId)?.events.find(({ type }) => type === 'cancelled')?.at;
      if (cancelledAt === undefined || answer === 'stale') return [];
      const late = at - heardFrom(cancelledAt, hearMs, blows);
      return late <= hearMs + obeyMs
        ? []
        : [{ taskId, what: `had an effect of step ${step} ${late.toFixed(0)} ms after a cancel could be heard of` }];
    });
  },
};

/** The cancel itself, or the end of what lasted while it should have been heard of. */
function heardFrom(cancelledAt: number, hearMs: number, blows: Evidence['blows']): number {
  const during = blows.filter(({ at, healedAt }) => at <= cancelledAt + hearMs && healedAt >= cancelledAt);
  return Math.max(cancelledAt, ...during.map(({ healedAt }) => healedAt));
}
