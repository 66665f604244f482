import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { redisUrl } from '../../../../test/support/backends.js';
import { Publisher } from '../../../../test/support/publisher.js';
import { ContentStage, reason } from '../content/testing.js';
import { makeApi } from '../start-api.js';

const secret = 'zanzibar';
const post = (slug: string) => ({
  slug,
  title: `${secret} ${slug}`,
  description: `About ${secret}.`,
  body: `Nobody may read ${secret}.`,
  tags: [`${secret}-tag`],
});

/** Every way in. */
const ways = (slug: string, id: string) => [
  ...[`/site/posts/${slug}`, `/site/posts/${id}`, `/public/posts/${slug}`, `/public/posts/${id}`],
  ...[
    '/site',
    '/site/feed.xml',
    '/site/sitemap.xml',
    '/site/sitemap/1.xml',
    '/public/posts',
    '/public/posts?limit=100',
  ],
  ...[`/site/tags/${secret}-tag`, `/public/posts?tag=${secret}-tag`],
  ...[`nobody`, `"may read"`, slug, 'nobdy'].flatMap((words) => [
    `/site/search?q=${encodeURIComponent(words)}`,
    `/public/search?q=${encodeURIComponent(words)}`,
  ]),
];

/** Two processes, with and without a Redis that they share. */
describe.each([
  { store: 'memory', redis: '' },
  ...(redisUrl === undefined ? [] : [{ store: 'redis', redis: redisUrl }]),
])('what is not published [cache in $store]', ({ redis }) => {
  let database: TestDatabase;
  let publisher: Publisher;
  let apps: NestFastifyApplication[];

  beforeAll(async () => {
    database = await testDatabase();
    publisher = new Publisher(database.adminUrl);
    const config = testConfig(database, {
      ADMIN_PASSWORD: 'a long password',
      REDIS_URL: redis,
      RATE_LIMIT_PUBLIC: 1_000_000,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
    });
    apps = [await makeApi(config), await makeApi(config)];
    await publisher.publish({ slug: 'open', title: 'Open to all', body: 'Everybody may read this.' });
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await publisher.close();
    await database.drop();
  });

  const get = async (app: NestFastifyApplication | undefined, url: string, headers: Record<string, string> = {}) =>
    (await app?.inject({ method: 'GET', url, headers })) ?? Promise.reject(new Error('There is no app.'));

  async function shownAt(slug: string, id: string): Promise<string[]> {
    const shown: string[] = [];
    for (const app of apps) {
      for (const url of ways(slug, id)) if ((await get(app, url)).body.includes(secret)) shown.push(url);
    }
    return shown;
  }

  it.each(['DRAFT', 'AWAITING_APPROVAL', 'APPROVED', 'REJECTED', 'UNPUBLISHED'] as const)(
    'is shown nowhere: %s',
    async (state) => {
      const slug = `kept-${state.toLowerCase().replace('_', '-')}`;
      expect(await shownAt(slug, await publisher.keep(post(slug), state))).toEqual([]);
    },
  );

  it('is gone everywhere once it was unpublished, out of every cache and for those who have it, too', async () => {
    const id = await publisher.publish(post('short-lived'));
    await until(async () => (await shownAt('short-lived', id)).length >= 2 * 8);
    const known = await Promise.all(
      ways('short-lived', id).map(async (url) => ({ url, answer: await get(apps[0], url) })),
    );
    await publisher.unpublish(id);
    // Well below the five seconds after which the epoch is read without a notification.
    await until(async () => (await shownAt('short-lived', id)).length === 0, 3_000);
    for (const app of apps) {
      for (const { url, answer } of known.filter(({ answer }) => answer.body.includes(secret))) {
        const again = await get(app, url, { 'if-none-match': String(answer.headers.etag) });
        expect([url, again.statusCode]).not.toEqual([url, 304]);
        expect(again.body).not.toContain(secret);
      }
    }
    expect((await get(apps[0], '/site/posts/short-lived')).statusCode).toBe(404);
  });

  it('is gone although a page was being made while it was unpublished', async () => {
    for (let round = 0; round < 3; round += 1) {
      const slug = `raced-${round}`;
      const id = await publisher.publish(post(slug));
      let stop = false;
      const readers = apps.map(async (app) => {
        while (!stop) {
          await get(app, `/public/posts/${slug}`);
          await pause(1);
        }
      });
      await until(async () => (await get(apps[1], `/public/posts/${slug}`)).statusCode === 200);
      await publisher.unpublish(id);
      stop = true;
      await Promise.all(readers);
      await until(async () => {
        const answers = await Promise.all(apps.map((app) => get(app, `/public/posts/${slug}`)));
        return answers.every(({ statusCode }) => statusCode === 404);
      }, 3_000);
      // And stays gone: no process has put it back.
      for (const app of apps) expect((await get(app, `/public/posts/${slug}`)).statusCode).toBe(404);
    }
  });

  it('is not shown by what was kept while the database is away', async () => {
    const id = await publisher.publish(post('outage'));
    await until(async () => (await shownAt('outage', id)).length >= 2 * 8);
    await publisher.unpublish(id);
    await until(async () => (await shownAt('outage', id)).length === 0, 3_000);
    const open = await get(apps[0], '/site/posts/open');
    expect(open.statusCode).toBe(200);
    await publisher.sql(`ALTER TABLE published_posts RENAME TO away`);
    try {
      // What is fresh is still shown, and nothing that was taken down.
      expect((await get(apps[0], '/site/posts/open')).body).toBe(open.body);
      expect(await shownAt('outage', id)).toEqual([]);
    } finally {
      await publisher.sql(`ALTER TABLE away RENAME TO published_posts`);
    }
  });
});

describe('what people decide by the api', () => {
  let stage: ContentStage;
  beforeAll(
    async () => (stage = await ContentStage.open({ replica: true, settings: { RATE_LIMIT_PUBLIC: 1_000_000 } })),
  );
  afterAll(() => stage.close());

  async function shown(slug: string, id: string): Promise<string[]> {
    const found: string[] = [];
    for (const api of [0, 1]) {
      for (const url of ways(slug, id)) if ((await stage.visit(api, url)).body.includes(secret)) found.push(url);
    }
    return found;
  }

  it('is shown from the moment it is published, and nowhere before or after it', async () => {
    const seo = { title: `${secret} tides`, description: `About ${secret}.`, keywords: [secret] };
    const { title, body, tags } = post('tides');
    const id = await stage.made({ title, body, tags, seo });
    const { slug } = (await stage.read(id)).json as { slug: string };
    const step = async (verb: string, payload: object = {}) =>
      expect([verb, (await stage.change('editor', id, verb, payload)).status]).toEqual([verb, 200]);
    expect(await shown(slug, id)).toEqual([]);
    await step('reject', { reason, revise: false });
    expect(await shown(slug, id)).toEqual([]);
    expect((await stage.change('owner', id, 'edit')).status).toBe(200);
    expect(await shown(slug, id)).toEqual([]);
    await step('approve');
    expect(await shown(slug, id)).toEqual([]);
    await step('publish');
    await until(async () => (await shown(slug, id)).length >= 2 * 8, 3_000);
    // What is written behind it stays where it is until it is published itself.
    const later = { title: `Later ${secret}-later`, body: `${body} ${secret}-later` };
    expect((await stage.change('owner', id, 'edit', later)).status).toBe(200);
    for (const url of ways(slug, id)) expect((await stage.visit(0, url)).body).not.toContain(`${secret}-later`);
    await step('unpublish');
    await until(async () => (await shown(slug, id)).length === 0, 3_000);
  });
});
