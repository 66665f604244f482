// Runs a command with REDIS_URL set to a Redis of its own: `npx node test/support/with-redis.mjs npm run demo -- --once`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startRedis } from './redis-server.mjs';

const redis = await startRedis();
if (redis === undefined) throw new Error('No redis-server was found.');
const [program, ...args] = process.argv.slice(2);
const command = spawn(program, args, { stdio: 'inherit', env: { ...process.env, REDIS_URL: redis.url } });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => command.kill(signal));
const [code] = await once(command, 'exit');
await redis.stop();
process.exitCode = code ?? 1;
