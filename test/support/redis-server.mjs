// A real Redis for one run: on a free port of 127.0.0.1, with a password, keeping nothing on disk.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { findRedis } from '../../tools/redis.cjs';

const unpacked = resolve(import.meta.dirname, '../../.longhaul/redis');

/** The shell ends Redis when our end of its standard input closes: also when this process is killed. */
const script = 'printf "%s" "$REDIS_CONFIG" | "$0" - & cat >/dev/null; kill $!; wait';

/** @returns its URL and how to stop it, or undefined when this machine has no redis-server. */
export async function startRedis() {
  const program = findRedis(unpacked);
  if (program === undefined) return undefined;
  for (let attempt = 1; ; attempt += 1) {
    const password = randomBytes(16).toString('hex');
    const port = await freePort();
    const env = { ...program.env, REDIS_CONFIG: configuration(port, password) };
    const server = spawn('/bin/sh', ['-c', script, program.path], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const stop = () => end(server);
    if (await becomesReady(server)) return { url: `redis://:${password}@127.0.0.1:${port}`, stop };
    await stop();
    // Somebody else may have taken the port in between.
    if (attempt === 5) throw new Error('redis-server does not start.');
  }
}

/** Handed over in the environment, so that the password is in no list of processes. */
function configuration(port, password) {
  return `bind 127.0.0.1\nport ${port}\nrequirepass ${password}\nsave ""\nappendonly no\nmaxmemory-policy noeviction\n`;
}

function becomesReady(server) {
  let log = '';
  return new Promise((settle) => {
    server.stdout.once('end', () => settle(false));
    server.stdout.on('data', (chunk) => {
      log += chunk;
      // The last words of a Redis that could not start.
      if (log.includes('bind: Address already in use')) settle(false);
      if (!log.includes('Ready to accept connections')) return;
      server.stdout.removeAllListeners('data').resume();
      settle(true);
    });
  });
}

async function end(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.stdin.end();
  await ended;
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  return port;
}
