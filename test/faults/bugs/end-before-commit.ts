import { noNeedlessRecovery } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { rolledInLongJobs } from './situations.js';

export const endBeforeCommit: Bug = {
  name: 'end-before-commit',
  title: 'a delivery ends with its handler; the outcome is written in the background, a little later',
  edits: [
    {
      file: 'libs/jobs/job-runner.ts',
      find: 'return await this.record(attempt, outcome, await journal.close());',
      replace: `const notes = await journal.close();
      void pause(1_000).then(() => this.record(attempt, outcome, notes));
      return outcome.kind;`,
    },
  ],
  fault: rolledInLongJobs,
  backend: 'postgres',
  jobs: 40,
  caughtBy: [noNeedlessRecovery],
};
