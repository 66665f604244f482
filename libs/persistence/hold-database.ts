// A process of its own for tests: takes the database of the folder it is given, says so, and holds it until its standard input ends.
import { once } from 'node:events';
import { loadConfig } from '@longhaul/config';
import { provideDatabase } from './provide-database.js';

const { port, adminUrl, config, release } = await provideDatabase(loadConfig({ DATA_DIR: process.argv[2] }));
process.stdout.write(`${JSON.stringify({ port, adminUrl, url: config.DATABASE_URL })}\n`);
await once(process.stdin.resume(), 'end');
await release();
