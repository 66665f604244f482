import { endsAsPlanned } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { rolledInLongJobs } from './situations.js';

export const burntAttempt: Bug = {
  name: 'burnt-attempt',
  title: 'a hand-over keeps the attempt that it ends',
  edits: [
    {
      file: 'libs/jobs/job.store.ts',
      find: '`${released}, ${rung}, attempts = greatest(attempts - 1, 0), progress = coalesce($5::jsonb, progress)`',
      replace: '`${released}, ${rung}, progress = coalesce($5::jsonb, progress)`',
    },
  ],
  fault: rolledInLongJobs,
  backend: 'postgres',
  jobs: 40,
  caughtBy: [endsAsPlanned],
};
