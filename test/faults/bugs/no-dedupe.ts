import { oneJobAKey } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { killedInSubmits } from './situations.js';

export const noDedupe: Bug = {
  name: 'no-dedupe',
  title: 'the Idempotency-Key is not kept: a repeated submit makes a second job',
  edits: [
    {
      file: 'libs/jobs/job.store.ts',
      find: `greatest("runAt", now()), "idempotencyKey", "requestHash"`,
      replace: `greatest("runAt", now()), NULL, "requestHash"`,
    },
  ],
  fault: killedInSubmits,
  backend: 'postgres',
  jobs: 200,
  caughtBy: [oneJobAKey],
};
