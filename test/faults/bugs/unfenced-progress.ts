import { legalHistory } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { frozenInCarelessJobs } from './situations.js';

export const unfencedProgress: Bug = {
  name: 'unfenced-progress',
  title: 'progress, logs and checkpoints are taken from any attempt',
  edits: [
    {
      file: 'libs/jobs/job.store.ts',
      find: `WHERE id = $1 AND fence = $2 AND status = 'RUNNING'`,
      replace: `WHERE id = $1 AND fence >= $2`,
    },
  ],
  fault: frozenInCarelessJobs,
  backend: 'postgres',
  jobs: 14,
  caughtBy: [legalHistory],
};
