import type { GroupAnswer, GroupChange } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';

/** Also for a group whose last task was just retried or discarded. */
export function noSuchGroup(): Problem {
  return new Problem('not_found', 'There are no failed tasks with this fingerprint.');
}

/** What was done, unless the group is gone or its canary stands in the way. @throws Problem. */
export function doneOrRefused(answer: GroupAnswer): GroupChange {
  switch (answer.outcome) {
    case 'done':
      return answer;
    case 'missing':
      throw noSuchGroup();
    case 'canary_unfinished':
      throw new Problem('canary_unfinished', `Its canary, task ${answer.canary.id}, is ${answer.canary.status}.`);
    case 'canary_failed':
      throw new Problem('canary_failed', `Its canary, task ${answer.canary.id}, failed again.`);
  }
}
