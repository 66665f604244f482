// The api as it is, with the kinds of the benchmarks beside the shipped ones.
import 'reflect-metadata';
import { definitions } from '@longhaul/kinds';
import { startApi } from '../../../apps/api/src/start-api.js';
import { benchDefinitions } from '../kind/index.js';

process.on('disconnect', () => process.exit(1));
startApi([...definitions, ...benchDefinitions]).catch((error: Error) => {
  process.stderr.write(`The api did not start: ${error.message}\n`);
  process.exit(1);
});
