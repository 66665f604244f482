import { oneLeader } from '../checks/processes.js';
import type { Bug } from './bug.js';
import { rolledInLongJobs } from './situations.js';

export const noLeader: Bug = {
  name: 'no-leader',
  title: 'every process reconciles: the lease of the leader is given to whoever asks',
  edits: [
    {
      file: 'libs/jobs/leader-lease.ts',
      find: `
         WHERE lease.holder = excluded.holder OR lease.expires_at < now()`,
      replace: '',
    },
  ],
  fault: rolledInLongJobs,
  backend: 'postgres',
  jobs: 20,
  caughtBy: [oneLeader],
};
