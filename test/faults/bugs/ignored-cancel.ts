import { stopsWhenCancelled } from '../checks/cancel.js';
import type { Bug } from './bug.js';
import { cancelledOnTheWay } from './situations.js';

export const ignoredCancel: Bug = {
  name: 'ignored-cancel',
  title: 'the worker does not stop its handler when the task is cancelled',
  edits: [
    {
      file: 'libs/jobs/lease-keeper.ts',
      find: `    this.attempts.get(id)?.stop(wasCancelled());
    const now`,
      replace: `    const now`,
    },
    {
      file: 'libs/jobs/lease-keeper.ts',
      find: `attempt.stop(job?.status === 'CANCELLED' ? wasCancelled() : belongsToAnother());`,
      replace: `if (job?.status !== 'CANCELLED') attempt.stop(belongsToAnother());
    else attempt.leaseProved(performance.now());`,
    },
    {
      file: 'libs/jobs/job-journal.ts',
      find: `      this.onLost();
      throw new LeaseLostError('The job belongs to somebody else now.');`,
      replace: `      this.onLost();`,
    },
  ],
  fault: cancelledOnTheWay,
  backend: 'postgres',
  jobs: 24,
  caughtBy: [stopsWhenCancelled],
};
