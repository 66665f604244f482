import { startApi } from './start-api.js';

startApi().catch((error: Error) => {
  process.stderr.write(`The api did not start: ${error.message}\n`);
  process.exit(1);
});
