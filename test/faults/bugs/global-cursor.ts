import { logComplete } from '../checks/streams.js';
import type { Bug } from './bug.js';
import { manyEvents } from './situations.js';

export const globalCursor: Bug = {
  name: 'global-cursor',
  title: 'the log of all tasks goes on behind the newest transaction, and misses older ones that commit later',
  edits: [
    {
      file: 'libs/jobs/log.reader.ts',
      find: 'pg_snapshot_xmin(pg_current_snapshot())',
      replace: 'pg_snapshot_xmax(pg_current_snapshot())',
    },
  ],
  fault: manyEvents,
  backend: 'postgres',
  jobs: 100,
  caughtBy: [logComplete],
};
