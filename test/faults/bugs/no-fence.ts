import { legalHistory } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { frozenInCarelessJobs } from './situations.js';

export const noFence: Bug = {
  name: 'no-fence',
  title: 'writes of any attempt are taken, also of one that has lost its job',
  edits: [
    {
      file: 'libs/jobs/job.store.ts',
      find: 'AND ($4::integer IS NULL OR fence = $4) ${guard}',
      replace: 'AND ($4::integer IS NULL OR fence >= $4) ${guard}',
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `jobs.fence = wanted.fence AND`,
      replace: `jobs.fence >= wanted.fence AND`,
    },
  ],
  fault: frozenInCarelessJobs,
  backend: 'postgres',
  jobs: 14,
  caughtBy: [legalHistory],
};
