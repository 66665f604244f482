import { noNeedlessRecovery } from '../checks/jobs.js';
import type { Bug } from './bug.js';
import { clockOfAWorker } from './situations.js';

export const workerClock: Bug = {
  name: 'worker-clock',
  title: 'a heartbeat extends leases by the clock of its worker',
  edits: [
    {
      file: 'libs/jobs/attempt.store.ts',
      find: 'UPDATE jobs SET lease_expires_at = now() + make_interval(secs => $3) FROM mine',
      replace: 'UPDATE jobs SET lease_expires_at = to_timestamp($4) + make_interval(secs => $3) FROM mine',
    },
    {
      file: 'libs/jobs/attempt.store.ts',
      find: 'inOrder.map(({ fence }) => fence), leaseSeconds],',
      replace: 'inOrder.map(({ fence }) => fence), leaseSeconds, Date.now() / 1000],',
    },
  ],
  fault: clockOfAWorker,
  backend: 'postgres',
  jobs: 30,
  caughtBy: [noNeedlessRecovery],
};
