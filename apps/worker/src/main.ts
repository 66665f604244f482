import { sayNotStarted } from '@longhaul/persistence';
import { startWorker } from './start-worker.js';

startWorker().catch((error: unknown) => {
  sayNotStarted('worker', error);
  process.exit(1);
});
