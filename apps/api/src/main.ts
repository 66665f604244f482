import 'reflect-metadata';
import { enableCompileCache } from 'node:module';

// What V8 has compiled once is read by the next start, which takes half of its time; so the rest is imported after it.
enableCompileCache();
const { startApi } = await import('./start-api.js');

startApi().catch((error: Error) => {
  process.stderr.write(`The api did not start: ${error.message}\n`);
  process.exit(1);
});
