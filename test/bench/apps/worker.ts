// The worker as it is, with the kinds of the benchmarks beside the shipped ones.
import 'reflect-metadata';
import { shippedKinds } from '../../../apps/worker/src/worker.module.js';
import { startWorker } from '../../../apps/worker/src/start-worker.js';
import { benchDefinitions } from '../kind/index.js';
import { benchProcessors } from '../kind/processors.js';

// A lane of a worker has a channel to that worker, and ends by itself.
if (process.env.WORKER_LANE !== 'isolated') process.on('disconnect', () => process.exit(1));
startWorker({
  definitions: [...shippedKinds.definitions, ...benchDefinitions],
  processors: { ...shippedKinds.processors, ...benchProcessors },
}).catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
