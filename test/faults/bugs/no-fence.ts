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
      file: 'libs/jobs/job.store.ts',
      find: `WHERE id = $1 AND fence = $2 AND status = 'RUNNING'`,
      replace: `WHERE id = $1 AND fence >= $2 AND status = 'RUNNING'`,
    },
  ],
  fault: frozenInCarelessJobs,
  backend: 'postgres',
  jobs: 14,
  caughtBy: [legalHistory],
};
