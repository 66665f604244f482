import { endsAsPlanned } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { rolledInLongJobs } from './situations.js';

export const burntAttempt: Bug = {
  name: 'burnt-attempt',
  title: 'a hand-over keeps the attempt that it ends',
  edits: [
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `greatest(0, jobs.attempts - CASE WHEN mine."givenBack" THEN 1 ELSE 0 END)`,
      replace: 'jobs.attempts',
    },
  ],
  fault: rolledInLongJobs,
  backend: 'postgres',
  jobs: 40,
  caughtBy: [endsAsPlanned],
};
