// The worker as it is, with the harness's own kind beside the shipped ones.
import 'reflect-metadata';
import { shippedKinds } from '../../../apps/worker/src/worker.module.js';
import { startWorker } from '../../../apps/worker/src/start-worker.js';
import { faultSteps } from '../kind/fault-steps.definition.js';
import { FaultStepsProcessor } from '../kind/fault-steps.processor.js';

startWorker({
  definitions: [...shippedKinds.definitions, faultSteps],
  processors: { ...shippedKinds.processors, fault_steps: FaultStepsProcessor },
}).catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
