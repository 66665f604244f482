import 'reflect-metadata';
import { enableCompileCache } from 'node:module';

// What V8 has compiled once is read by the next start, which takes half of its time; so the rest is imported after it.
enableCompileCache();
const { startWorker } = await import('./start-worker.js');

startWorker().catch((error: Error) => {
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
});
