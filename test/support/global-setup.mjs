// Runs once before all tests: one PostgreSQL and one Redis, found by the tests through two environment variables.
import { resolve } from 'node:path';
import './run-typescript.mjs';
import { startRedis } from './redis-server.mjs';

const dataDir = resolve(import.meta.dirname, '../../.longhaul/test');

export default async function start() {
  // Redis first: should PostgreSQL not start, Redis ends with this process.
  const redis = await startRedis();
  if (redis === undefined) sayRedisIsMissing();
  const { startTestServer } = await import('../../libs/persistence/testing.ts');
  const { stop, ...postgres } = await startTestServer(dataDir);
  process.env.TEST_POSTGRES = JSON.stringify(postgres);
  if (redis !== undefined) process.env.TEST_REDIS_URL = redis.url;
  globalThis.longhaulTestServers = redis === undefined ? [{ stop }] : [{ stop }, redis];
}

function sayRedisIsMissing() {
  const sentence = 'No redis-server was found: EVERY TEST ON THE REDIS BACKEND IS SKIPPED. Install Redis 6.2 or newer.';
  if (process.env.CI === 'true') throw new Error(sentence);
  const line = '!'.repeat(sentence.length + 6);
  process.stderr.write(`\n${line}\n!! ${sentence} !!\n${line}\n\n`);
}
