import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Cache } from '@longhaul/cache';
import { loadConfig } from '@longhaul/config';
import { until } from '@longhaul/jobs/testing';
import { StagePostgres } from '../../../../test/faults/stage/postgres.js';
import { StageRedis } from '../../../../test/faults/stage/redis.js';
import { Publisher } from '../../../../test/support/publisher.js';
import { makeApi } from '../start-api.js';

const read = ['/site', '/site/posts/known', '/site/tags/tides', '/site/feed.xml', '/site/sitemap.xml', '/robots.txt'];
const readJson = ['/public/posts', '/public/posts/known', '/public/search?q=moon'];
const searched = '/site/search?q=moon';
const known = [...read, ...readJson, searched];
/** Longest time that any answer may take while nothing is there to ask, in milliseconds. */
const atOnceMs = 5_000;
const dayMs = 86_400_000;

let folder: string;
let postgres: StagePostgres;
let redis: StageRedis | undefined;
let publisher: Publisher;
let app: NestFastifyApplication;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-outage-'));
  [postgres, redis] = [await StagePostgres.start(folder), await StageRedis.start(folder)];
  const urls = await postgres.makeDatabase();
  publisher = new Publisher(urls.adminUrl);
  const about = { tags: ['tides'], body: 'The moon pulls.' };
  await publisher.publish({ slug: 'known', ...about });
  await publisher.publish({ slug: 'unread', ...about, age: 1 });
  const config = loadConfig({
    ...{ NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', ADMIN_PASSWORD: 'a long password' },
    ...{ DATABASE_URL: urls.url, MIGRATION_DATABASE_URL: urls.ownerUrl, QUEUE_BACKEND: 'postgres' },
    REDIS_URL: redis?.url ?? '',
  });
  app = await makeApi(config);
}, 60_000);
afterAll(async () => {
  await app.close();
  await publisher.close();
  await redis?.crash();
  await postgres.stop();
  await Promise.all([postgres.dataFolder, folder].map((path) => rm(path, { recursive: true, force: true })));
});

async function get(url: string) {
  const startedAt = performance.now();
  const answer = await app.inject({ method: 'GET', url });
  expect([url, performance.now() - startedAt < atOnceMs]).toEqual([url, true]);
  return answer;
}
const statusOf = async (url: string) => (await get(url)).statusCode;
const bodies = async () =>
  Object.fromEntries(await Promise.all(known.map(async (url) => [url, (await get(url)).body])));

/** As if so much time had passed: every answer that is kept is old by then. */
function age(milliseconds: number): void {
  Object.assign(app.get(Cache), { now: () => Date.now() + milliseconds });
}

it('shows what was read before while PostgreSQL and Redis are down, says 503 to the rest, and is whole when both are back', async () => {
  const before = await bodies();
  await Promise.all([postgres.crash(), redis?.crash()]);

  expect(await bodies()).toEqual(before);
  age(dayMs / 2);
  expect(await bodies()).toEqual(before);
  const stale = app.get(Cache).counters.read();
  expect([stale.get('content')?.stale ?? 0, stale.get('query')?.stale ?? 0].every((count) => count > 0)).toBe(true);

  const page = await get('/site/posts/unread');
  expect([page.statusCode, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(page.headers['cache-control']).toBe('no-store');
  for (const url of ['/public/posts/unread', '/public/search?q=never']) {
    const problem = await get(url);
    expect([problem.statusCode, problem.headers['content-type']]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
    ]);
    expect(problem.headers['retry-after']).toBeDefined();
  }
  // Older than a day past its time, nothing is shown any more.
  age(3 * dayMs);
  expect(await statusOf('/site/posts/known')).toBe(503);
  age(0);

  await Promise.all([postgres.restart(), redis?.launch({ aof: true })]);
  await until(async () => (await statusOf('/site/posts/unread')) === 200, 15_000);
  expect((await bodies())['/site/posts/known']).toBe(before['/site/posts/known']);
  await publisher.publish({ slug: 'after', tags: ['tides'] });
  await until(
    async () => (await statusOf('/site/posts/after')) === 200 && (await get('/site')).body.includes('/posts/after'),
    15_000,
  );
}, 90_000);
