import { nothingStuck } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { flushedBeforeDue } from './situations.js';

export const noRingAgain: Bug = {
  name: 'no-ring-again',
  title: 'jobs are enqueued once, and no reconciler rings for those whose doorbell was lost',
  edits: [
    {
      file: 'libs/jobs/reconciler.ts',
      find: 'const lost = due.slice(0, Math.max(0, due.length - waiting));',
      replace: 'const lost = due.slice(0, 0);',
    },
  ],
  fault: flushedBeforeDue,
  backend: 'redis',
  jobs: 40,
  caughtBy: [nothingStuck],
};
