// The api as it is, with the harness's own kind beside the shipped ones.
import 'reflect-metadata';
import { definitions } from '@longhaul/kinds';
import { startApi } from '../../../apps/api/src/start-api.js';
import { faultSteps } from '../kind/fault-steps.definition.js';

startApi([...definitions, faultSteps]).catch((error: Error) => {
  process.stderr.write(`The api did not start: ${error.message}\n`);
  process.exit(1);
});
