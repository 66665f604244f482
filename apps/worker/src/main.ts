import { sayNotStarted } from '@longhaul/persistence';
import { sayWhatEndsIt } from '@longhaul/telemetry';
import { startWorker } from './start-worker.js';

sayWhatEndsIt('worker');
startWorker().catch((error: unknown) => {
  sayNotStarted('worker', error);
  process.exit(1);
});
