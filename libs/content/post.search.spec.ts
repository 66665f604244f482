import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Publisher } from '../../test/support/publisher.js';
import { PostSearch, searchSql, type SearchPosition } from './post.search.js';

let database: TestDatabase;
let source: DataSource;
let publisher: Publisher;
let search: PostSearch;

beforeAll(async () => {
  database = await testDatabase();
  publisher = new Publisher(database.adminUrl);
  source = await new DataSource(appDataSourceOptions(testConfig(database), [])).initialize();
  search = new PostSearch(source);
  await publisher.publish({
    slug: 'scaling',
    title: 'Scaling queues on Kubernetes',
    description: 'Pods that come and go.',
    body: 'How workers are scaled by the age of the oldest job. Autoscaling needs a signal that does not lie.',
  });
  await publisher.publish({
    slug: 'leases',
    title: 'Leases and fences',
    headings: 'Why kubernetes restarts pods',
    body: 'A worker that lost its lease must not write. Running jobs are recovered.',
  });
  await publisher.publish({
    slug: 'coffee',
    title: 'The Who of coffee',
    body: 'Beans, water, patience. Somebody in our team runs Kubernetes at home. <script>alert(1)</script> & more beans.',
  });
  await publisher.publish({
    slug: 'warteschlangen',
    title: 'Warteschlangen in der Praxis',
    language: 'german',
    body: 'Die Häuser warten nicht. Lange Schlangen sind ein Zeichen.',
  });
});
afterAll(async () => {
  await source.destroy();
  await publisher.close();
  await database.drop();
});

const slugs = async (typed: string) => (await search.search(typed, 10)).posts.map(({ slug }) => slug);

it('ranks a title before a heading, and a heading before the text', async () => {
  expect(await slugs('kubernetes')).toEqual(['scaling', 'leases', 'coffee']);
});

it('finds other forms of a word, in the language of each post', async () => {
  expect(await slugs('scaled')).toEqual(['scaling']);
  expect(await slugs('haus')).toEqual(['warteschlangen']);
  expect(await slugs('Schlange')).toEqual(['warteschlangen']);
});

it('takes phrases, or, and words to leave out', async () => {
  expect(await slugs('"oldest job"')).toEqual(['scaling']);
  expect(await slugs('"job oldest"')).toEqual([]);
  expect((await slugs('patience or fences')).sort()).toEqual(['coffee', 'leases']);
  expect(await slugs('kubernetes -scaling')).not.toContain('scaling');
  expect(await slugs('kubernetes -beans -scaling')).toEqual(['leases']);
});

it('finds words that are half typed, and names made of stop words', async () => {
  expect(await slugs('kubern')).toEqual(['scaling', 'leases', 'coffee']);
  expect(await slugs('kubernetes')).toEqual(await slugs('kubern'));
  expect(await slugs('scaling kub')).toEqual(['scaling']);
  expect(await slugs('the who')).toEqual(['coffee']);
});

it.each([
  ['kubernates', 'kubernetes'],
  ['kubrenetes', 'kubernetes'],
  ['scalling quues', 'scaling queues'],
  ['warteschlagnen', 'warteschlangen'],
])('asks whether %s meant %s', async (typed, meant) => {
  const { posts, corrected } = await search.search(typed, 10);
  expect(corrected).toBe(meant);
  expect(posts.map(({ slug }) => slug)).toEqual(await slugs(meant));
  expect(posts.length).toBeGreaterThan(0);
});

describe('among the titles of a site', () => {
  beforeAll(async () => {
    for (const title of [
      'Longhaul: a long story',
      'Longhaul at home',
      'Heat pumps and a heat pump',
      'Solar roof: what they cost',
    ]) {
      await publisher.publish({ slug: title.replace(/\W+/g, '-').toLowerCase(), title });
    }
    await publisher.publish({ slug: 'rotting', title: 'A pump', body: 'It rots.' });
    await publisher.publish({ slug: 'fans', title: 'Ceiling fans' });
    await publisher.publish({ slug: 'mortgage', title: 'Buying', body: 'A rooftop, and a mortgage that rots.' });
  });

  it.each([
    ['longhual', 'longhaul'],
    ['Lnoghaul', 'longhaul'],
    ['heat pmup', 'heat pump'],
    ['hetpump', 'heat pump'],
    ['heatpump', 'heat pump'],
    ['Solarr Roff Csot', 'solar roof cost'],
    ['ehat', 'heat'],
    ['celingfan', 'ceiling fans'],
    ['"solra roof"', '"solar roof"'],
  ])('asks whether %s meant %s', async (typed, meant) => {
    expect((await search.search(typed, 10)).corrected?.toLowerCase()).toBe(meant);
  });

  it.each(['rots pmup', 'rot pmup'])('leaves a word that finds something by itself as it is: %s', async (typed) => {
    expect((await search.search(typed, 10)).corrected).toBe(typed.replace('pmup', 'pump'));
  });

  it.each(['lexicography', 'hoax', 'xxxx', 'pqrstuv', 'heat xylophone'])('takes %s for no mistake', async (typed) => {
    expect((await search.search(typed, 10)).corrected).toBeNull();
  });
});

it('finds by its text alone what no title, heading or description has, behind those', async () => {
  await publisher.publish({ slug: 'in-text', body: `${'Filler words. '.repeat(500)} A pelican lands.` });
  await publisher.publish({ slug: 'in-front', description: 'On the pelican.' });
  const first = await search.search('pelican', 1);
  expect(first.posts.map(({ slug }) => slug)).toEqual(['in-front']);
  const { posts } = await search.search('pelican', 1, first.next ?? undefined);
  expect(posts.map(({ slug }) => slug)).toEqual(['in-text']);
  expect(posts[0]?.snippet.some(({ text, match }) => match && text === 'pelican')).toBe(true);
  expect(await slugs('"pelican lands"')).toEqual(['in-text']);
});

it('means no word of a title that is not public any more', async () => {
  const id = await publisher.publish({ slug: 'zeppelin', title: 'A zeppelin above', body: 'A zeppelin.' });
  await publisher.publish({ slug: 'zeppelins-text', title: 'Above', body: 'The zeppelin, again.' });
  expect((await search.search('zepelin', 10)).corrected).toBe('zeppelin');
  await publisher.unpublish(id);
  expect((await search.search('zepelin', 10)).corrected).toBeNull();
  expect(await publisher.sql(`SELECT word FROM title_words WHERE word = 'zeppelin'`)).toEqual([]);
  expect(await publisher.sql(`SELECT posts FROM title_words WHERE word = 'above'`)).toEqual([{ posts: 1 }]);
});

it('finds nothing, and suggests nothing, for what is nowhere near', async () => {
  expect(await search.search('xylophone', 10)).toEqual({ posts: [], next: null, corrected: null });
});

it.each(['', '   ', '"', '-', '&|!():*<->', "'; DROP TABLE published_posts; --", '\\', '%', 'a'.repeat(5_000), '🙂'])(
  'takes whatever is typed: %j',
  async (typed) => {
    expect((await search.search(typed, 10)).posts).toEqual([]);
  },
);

it('marks what was found in a snippet of plain text', async () => {
  const [post] = (await search.search('beans', 10)).posts;
  expect(post?.snippet.filter(({ match }) => match).map(({ text }) => text)).toEqual(['Beans', 'beans']);
  expect(post?.snippet.map(({ text }) => text).join('')).toContain('alert(1)  & more beans');
});

it('pages through all results once, in their order, while others are published', async () => {
  for (let number = 0; number < 25; number += 1) {
    await publisher.publish({ slug: `paged-${number}`, body: `An ${'otter '.repeat((number % 5) + 1)} swims.` });
  }
  const seen: string[] = [];
  let after: SearchPosition | undefined;
  do {
    const page = await search.search('otter', 7, after);
    seen.push(...page.posts.map(({ slug }) => slug));
    after = page.next ?? undefined;
    await publisher.publish({ slug: `late-${seen.length}`, body: 'Nothing of the kind.' });
  } while (after !== undefined);
  expect(new Set(seen).size).toBe(25);
  expect(seen).toHaveLength(25);
  expect(seen).toEqual((await search.search('otter', 50)).posts.map(({ slug }) => slug));
});

it('ranks very many results by what stands in front, and pages through them, too', async () => {
  await publisher.sql(
    `WITH item AS (
       INSERT INTO content_items (id, owner_id, topic, format, language, brief, slug)
       SELECT gen_random_uuid(), 'ada', '', 'blog_post', 'english', '{}', 'mass-' || n FROM generate_series(1, 450) n
       RETURNING id, slug)
     INSERT INTO published_posts (item_id, version, slug, title, seo_title, description, keywords, body, headings, plain_text, sources,
       tags, format, language, first_published_at, published_at)
     SELECT id, 1, slug, CASE WHEN slug = 'mass-7' THEN 'Walrus' ELSE slug END, slug, '', '{}', '', '', 'A walrus sleeps.', '[]',
            '{}', 'blog_post', 'english', now(), now() FROM item`,
  );
  const first = await search.search('walrus', 100);
  expect(first.posts[0]?.slug).toBe('mass-7');
  const seen = first.posts.map(({ slug }) => slug);
  for (let after = first.next; after !== null;) {
    const page = await search.search('walrus', 100, after);
    seen.push(...page.posts.map(({ slug }) => slug));
    after = page.next;
  }
  expect(new Set(seen).size).toBe(450);
});

it('asks the indexes, and reads no table from one end to the other', async () => {
  const words = ['kubernetes', 'kubernetes', '', 'kubernetes', false, null, null, 11, 'kubernetes'];
  const plan = await source.transaction(async (manager) => {
    await manager.query('SET LOCAL enable_seqscan = off');
    return manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${searchSql}`, words);
  });
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('Bitmap Index Scan on published_posts_front');
  expect(text).toContain('Bitmap Index Scan on published_texts_search');
  expect(text).not.toContain('Seq Scan');
});
