import { startWorker } from './start-worker.js';

startWorker().catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
