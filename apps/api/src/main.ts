import 'reflect-metadata';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What V8 compiled when this was built is read by each start; so the rest is imported after it.
enableCompileCache({ directory: join(import.meta.dirname, 'compiled'), portable: true });
const { startApi } = await import('./start-api.js');

startApi().catch((error: Error) => {
  process.stderr.write(`The api did not start: ${error.message}\n`);
  process.exit(1);
});
