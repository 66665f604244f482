import type { Check, Violation } from './check.js';
import type { Evidence, JobRow } from './evidence.js';

const isPoison = ({ body }: Evidence['accepted'][number]['plan']) => typeof body.poison === 'string';

/** A poison job is started again as often as allowed, and each start ends a process: no more, and no less. */
export const poisonQuarantined: Check = {
  name: 'poison is started 1 + MAX_RECOVERIES times',
  find: ({ accepted, jobs, config }) =>
    accepted.flatMap(({ taskId, plan }): Violation[] => {
      const starts = startsOf(jobs.get(taskId));
      return !isPoison(plan) || starts === 1 + config.MAX_RECOVERIES
        ? []
        : [{ taskId, what: `was started ${starts} times` }];
    }),
};

/** A job whose worker vanished runs alone from then on, so no poison can take it along a second time. */
export const innocentOnce: Check = {
  name: 'poison takes no other job along twice',
  find: ({ accepted, jobs }) =>
    accepted.some(({ plan }) => isPoison(plan))
      ? accepted.flatMap(({ taskId, plan }): Violation[] => {
          const recoveries = jobs.get(taskId)?.recoveries ?? 0;
          return isPoison(plan) || recoveries <= 1 ? [] : [{ taskId, what: `was recovered ${recoveries} times` }];
        })
      : [],
};

function startsOf(job: JobRow | undefined): number {
  return job?.events.filter(({ type }) => type === 'started').length ?? 0;
}
