import { streamsComplete } from '../checks/streams.js';
import type { Bug } from './bug.js';
import { deaf } from './situations.js';

export const hintsOnly: Bug = {
  name: 'hints-only',
  title: 'streams show what hints announce, and nobody reads the table behind a lost one',
  edits: [
    {
      file: 'libs/jobs/job-feed.ts',
      find: `    }, wakeAll);`,
      replace: `    });`,
    },
    {
      file: 'libs/jobs/job-feed.ts',
      find: `      wakeAll();
      void this.tellGone();`,
      replace: `      void this.tellGone();`,
    },
  ],
  fault: deaf,
  backend: 'postgres',
  jobs: 60,
  caughtBy: [streamsComplete],
};
