import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Publisher } from '../../test/support/publisher.js';
import { PostReader, type PostPosition } from './post.reader.js';

let database: TestDatabase;
let source: DataSource;
let publisher: Publisher;
let reader: PostReader;

beforeAll(async () => {
  database = await testDatabase();
  publisher = new Publisher(database.adminUrl);
  source = await new DataSource(appDataSourceOptions(testConfig(database), [])).initialize();
  reader = new PostReader(source);
  for (let number = 0; number < 12; number += 1) {
    await publisher.publish({ slug: `post-${number}`, age: 100 - number, tags: ['all', number % 2 ? 'odd' : 'even'] });
  }
  await publisher.sql(
    `UPDATE published_posts SET first_published_at = '2026-01-01T00:00:00.123456Z' WHERE slug < 'post-3'`,
  );
});
afterAll(async () => {
  await source.destroy();
  await publisher.close();
  await database.drop();
});

async function pages(limit: number, tag?: string): Promise<string[]> {
  const seen: string[] = [];
  let after: PostPosition | undefined;
  do {
    const page = await reader.newest(limit, { ...(tag !== undefined && { tag }), after });
    seen.push(...page.posts.map(({ slug }) => slug));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return seen;
}

it('gives posts by first publication, the newest first, by pages that miss and repeat none', async () => {
  const all = await pages(50);
  expect(all.slice(0, 3)).toEqual(['post-9', 'post-8', 'post-7']);
  expect(all).toHaveLength(12);
  for (const limit of [1, 2, 5, 12]) expect(await pages(limit)).toEqual(all);
});

it('gives the posts of a tag, and how many each has', async () => {
  expect(await pages(4, 'odd')).toEqual((await pages(50)).filter((slug) => Number(slug.slice(5)) % 2 === 1));
  expect(await reader.tags(2)).toEqual([
    { tag: 'all', posts: 12 },
    { tag: 'even', posts: 6 },
  ]);
});

it('takes tags in any case for one topic, and writes it as most of its posts do', async () => {
  for (const [number, tag] of ['Energy', 'energy', 'Energy', 'ENERGY'].entries()) {
    await publisher.publish({ slug: `energy-${number}`, tags: [tag, 'Renewables'] });
  }
  expect((await pages(2, 'eNERGY')).sort()).toEqual(['energy-0', 'energy-1', 'energy-2', 'energy-3']);
  expect((await reader.tags(20)).filter(({ tag }) => /energy/i.test(tag))).toEqual([{ tag: 'Energy', posts: 4 }]);
  expect([await reader.spelling('energy'), await reader.spelling('nothing')]).toEqual(['Energy', null]);
  await publisher.sql(`DELETE FROM published_posts WHERE slug LIKE 'energy-%'`);
});

it('finds a post by its slug, and nothing else', async () => {
  expect(await reader.bySlug('post-4')).toMatchObject({
    slug: 'post-4',
    title: 'post 4',
    version: 1,
    language: 'english',
  });
  expect(await reader.bySlug('post-4 ')).toBeNull();
});

it('gives addresses in portions', async () => {
  expect(await reader.count()).toBe(12);
  const portions = await Promise.all([1, 2, 3, 4].map((portion) => reader.addresses(portion, 5)));
  expect(portions.map(({ length }) => length)).toEqual([5, 5, 2, 0]);
  expect(portions.flat().map(({ slug }) => slug)).toEqual((await pages(50)).reverse());
});
