import 'reflect-metadata';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What V8 compiled when this was built is read by each start; so the rest is imported after it.
enableCompileCache({ directory: join(import.meta.dirname, 'compiled'), portable: true });
const { startWorker } = await import('./start-worker.js');

startWorker().catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
