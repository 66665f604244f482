import { legalHistory } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { frozenInCarelessJobs } from './situations.js';

export const unfencedProgress: Bug = {
  name: 'unfenced-progress',
  title: 'progress, logs and checkpoints are taken from any attempt',
  edits: [
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `jobs.fence = wanted.fence AND jobs.status = 'RUNNING'`,
      replace: `jobs.fence >= wanted.fence
           AND (wanted."to" = 'RUNNING' OR jobs.fence = wanted.fence AND jobs.status = 'RUNNING')`,
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `status = mine."to",`,
      replace: `status = CASE WHEN mine."to" = 'RUNNING' THEN jobs.status ELSE mine."to" END,`,
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: `IN ('SUCCESS', 'FAILED') THEN now() END`,
      replace: `IN ('SUCCESS', 'FAILED') THEN now() ELSE jobs.finished_at END`,
    },
  ],
  fault: frozenInCarelessJobs,
  backend: 'postgres',
  jobs: 14,
  caughtBy: [legalHistory],
};
