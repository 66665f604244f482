import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { load } from 'cheerio';
import { SaxesParser } from 'saxes';
import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Publisher, type PostToPublish } from '../../../../test/support/publisher.js';
import { makeApi } from '../start-api.js';

const hostile = `</title><script>alert("1")</script> & 'x' \u202etxt`;

let database: TestDatabase;
let publisher: Publisher;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await testDatabase();
  publisher = new Publisher(database.adminUrl);
  const config = {
    PUBLIC_URL: 'https://news.example.org/blog',
    SITE_NAME: 'The <Queue>',
    ADMIN_PASSWORD: 'a long password',
  };
  app = await makeApi(testConfig(database, config));
  for (let number = 1; number <= 25; number += 1) {
    await published({ slug: `post-${number}`, tags: ['numbers'], age: 100 - number });
  }
  await published({
    slug: 'hostile',
    title: hostile,
    seoTitle: `SEO ${hostile}`,
    description: hostile,
    body: `# ${hostile}\n\n[x](javascript:alert(1)) ${hostile}`,
    plainText: hostile,
    tags: ['numbers', hostile],
    keywords: [hostile],
    sources: [
      { id: 's1', title: hostile, url: 'javascript:alert(1)' },
      { id: 's2', title: 'A source', url: 'https://source.example/?a=1&b="2"' },
    ],
  });
});
afterAll(async () => {
  await app.close();
  await publisher.close();
  await database.drop();
});

async function published(post: PostToPublish): Promise<string> {
  const id = await publisher.publish(post);
  await until(async () => (await get(`/site/posts/${encodeURIComponent(post.slug)}`)).statusCode === 200);
  return id;
}
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers });
const page = async (url: string) => load((await get(url)).body);

/** @throws Error unless it is well-formed XML. */
function checkXml(text: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
}

describe('every page', () => {
  it.each([
    '/site',
    '/site/posts/hostile',
    '/site/tags/numbers',
    '/site/search?q=post',
    '/site/search',
    '/site/nothing',
  ])('%s runs no script, loads nothing foreign, and escapes what others wrote', async (url) => {
    const answer = await get(url);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|\*/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.body).toMatch(/^<!doctype html>/);
    const document = load(answer.body);
    expect(document('script:not([type="application/ld+json"])')).toHaveLength(0);
    expect(document('[style], style, iframe, img, [onclick], [onerror]')).toHaveLength(0);
    expect(answer.body).not.toContain('\u202e');
    document('a').each((_, link) => expect(document(link).attr('href')).toMatch(/^(\/blog\/site|https:\/\/|#main)/));
    expect(document('h1')).toHaveLength(1);
    document('link[rel=stylesheet], link[rel=icon]').each((_, link) =>
      expect(document(link).attr('href')).toMatch(/^\/blog\/site\/(style|icon)-[0-9a-f]{12}\.(css|svg)$/),
    );
  });

  it('can be asked for again for nothing', async () => {
    for (const url of [
      '/site',
      '/site/posts/post-1',
      '/site/feed.xml',
      '/site/sitemap.xml',
      '/public/posts',
      '/public/search?q=post',
    ]) {
      const first = await get(url);
      expect([first.statusCode, first.headers['cache-control']]).toEqual([200, 'public, max-age=0, must-revalidate']);
      const etag = String(first.headers.etag);
      expect(etag).toMatch(/^"[\w-]{22}"$/);
      const again = await get(url, { 'if-none-match': `"other", W/${etag}` });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
      expect((await get(url, { 'if-none-match': '"other"' })).statusCode).toBe(200);
    }
  });
});

it.each([
  '/site',
  '/site/posts/post-1',
  '/site/feed.xml',
  '/robots.txt',
  '/public/posts?limit=3',
  '/site/nothing/here',
])('answers HEAD %s as GET, without the body', async (url) => {
  const [full, head] = [await get(url), await app.inject({ method: 'HEAD', url })];
  const named = ({ headers }: typeof full) => {
    const names = ['content-type', 'etag', 'link', 'cache-control', 'content-security-policy', 'content-length'];
    return names.map((name) => headers[name]);
  };
  expect([head.statusCode, head.body, named(head)]).toEqual([full.statusCode, '', named(full)]);
  expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(full.body));
  const etag = String(full.headers.etag);
  const again = await app.inject({ method: 'HEAD', url, headers: { 'if-none-match': etag } });
  expect(again.statusCode).toBe(full.statusCode === 200 ? 304 : full.statusCode);
});

it('answers HEAD where GET is for everybody, and nowhere else', async () => {
  expect((await app.inject({ method: 'OPTIONS', url: '/site' })).headers.allow).toBe('GET, HEAD, OPTIONS');
  expect((await app.inject({ method: 'HEAD', url: '/tasks' })).statusCode).toBe(405);
  expect((await app.inject({ method: 'POST', url: '/site' })).statusCode).toBe(405);
});

it('opens with the newest post, and leads to all others', async () => {
  const front = await page('/site');
  expect(front('.lead h2').text()).toContain('alert("1")');
  const seen = new Set<string>();
  for (let url: string | undefined = '/blog/site'; url !== undefined;) {
    const list = await page(url.replace(/^\/blog/, ''));
    list('.lead h2 a, .posts h2 a').each((_, link) => void seen.add(list(link).attr('href') ?? ''));
    url = list('a[rel=next]').attr('href');
  }
  expect(seen.size).toBe(26);
  expect(front('.topics a').first().text()).toBe('numbers 26');
});

it('shows a post with what other programs want to know of it', async () => {
  const post = await page('/site/posts/hostile');
  const address = 'https://news.example.org/blog/site/posts/hostile';
  expect(post('link[rel=canonical]').attr('href')).toBe(address);
  expect(post('meta[property="og:url"]').attr('content')).toBe(address);
  const seoTitle = `SEO ${hostile.replace('\u202e', '')}`;
  expect(post('meta[property="og:title"]').attr('content')).toBe(seoTitle);
  expect(post('title').text()).toBe(`${seoTitle} · The <Queue>`);
  expect(post('h1').text()).toBe(hostile.replace('\u202e', ''));
  const data = JSON.parse(post('script').text()) as Record<string, unknown>;
  expect(data).toMatchObject({ '@type': 'BlogPosting', headline: hostile.replace('\u202e', ''), url: address });
  expect(
    post('.sources a')
      .map((_, link) => post(link).attr('href'))
      .get(),
  ).toEqual(['https://source.example/?a=1&b=%222%22']);
  expect(post('.prose h2').text()).toContain('</title>');
  expect(post('.related a').length).toBe(3);
});

it('answers searches with marked results, and says what else was looked for', async () => {
  await published({ slug: 'elephants', title: 'Elephants and backpressure', body: 'An elephant remembers.', tags: [] });
  const found = await page('/site/search?q=elephant&utm_source=feed');
  expect(found('mark').text()).toBe('elephant');
  expect(found('meta[name=robots]').attr('content')).toBe('noindex');
  const corrected = await page('/site/search?q=elefants');
  expect(corrected('.note a').text()).toBe('elephants');
  expect((await page('/site/search?q=xylophone'))('.nothing').text()).toContain('No article has these words');
  expect((await page(`/site/search?q=${encodeURIComponent(hostile)}`))('#q').attr('value')).toBe(
    hostile.replace(' \u202e', ' '),
  );
  for (const url of ['/site/search?q=a&q=b', '/site/search?q=%00', `/site/search?q=${'%F0%9F%98%80'.repeat(500)}`]) {
    expect((await get(url)).statusCode).toBe(200);
  }
});

it('asks for words where there are none, and shows the topics', async () => {
  const search = await page('/site/search');
  expect(search('#q[autofocus]')).toHaveLength(1);
  expect(search('.topics a').first().text()).toBe('numbers 26');
  const found = await page('/site/search?q=text');
  expect([found('[autofocus]').length, found('.topics a').length]).toEqual([0, 0]);
});

it('shows one topic for a tag in any case, at one address', async () => {
  for (const [slug, tag] of [
    ['e-1', 'Energy'],
    ['e-2', 'Energy'],
    ['e-3', 'energy'],
  ]) {
    await published({ slug, tags: [tag] });
  }
  for (const address of ['energy', 'Energy']) {
    const topic = await page(`/site/tags/${address}`);
    expect([topic('h1').text(), topic('.posts > li').length]).toEqual(['Energy', 3]);
    expect(topic('link[rel=canonical]').attr('href')).toBe('https://news.example.org/blog/site/tags/Energy');
  }
  expect((await get('/public/posts?tag=ENERGY')).json()).toHaveLength(3);
});

it('lists the sources of a post once: where its text does so, that list stands', async () => {
  const sources = [{ title: 'A source', url: 'https://source.example/' }];
  const headings = { listed: '## Quellen', 'listed-bold': '## **Sources**:', unlisted: '## Sources of noise' };
  for (const [slug, heading] of Object.entries(headings)) {
    await published({
      slug,
      body: `It hums [1].\n\n${heading}\n\n1. [Another one](<https://other.example/>)\n`,
      sources,
    });
  }
  expect((await page('/site/posts/listed'))('footer .sources')).toHaveLength(0);
  expect((await page('/site/posts/listed-bold'))('footer .sources')).toHaveLength(0);
  expect((await page('/site/posts/unlisted'))('footer .sources a')).toHaveLength(1);
  expect((await get('/public/posts/listed')).json()).toMatchObject({ sources });
});

it.each([
  ...['/site/posts/nothing', '/site/posts/a%00b', '/site/tags/nothing', '/site/tags/%00', '/site/x/y/z'],
  ...[
    '/site?after=nothing',
    '/site/search?q=a&after=x',
    '/site/sitemap/2.xml',
    '/site/sitemap/0.xml',
    '/site/style-0.css',
  ],
])('%s is a 404 page', async (url) => {
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers.etag).toBeUndefined();
  expect(answer.body).toContain('There is no such page');
});

it('has a feed that readers understand', async () => {
  const answer = await get('/site/feed.xml');
  expect(answer.headers['content-type']).toBe('application/rss+xml; charset=utf-8');
  checkXml(answer.body);
  const feed = load(answer.body, { xml: true });
  expect(feed('channel > title').text()).toBe('The <Queue>');
  expect(feed('item')).toHaveLength(20);
  feed('item').each((_, item) => {
    expect(feed(item).children('link').text()).toMatch(/^https:\/\/news\.example\.org\/blog\/site\/posts\/[\w-]+$/);
    expect(feed(item).children('guid').text()).toBe(feed(item).children('link').text());
    expect(new Date(feed(item).children('pubDate').text()).getTime()).not.toBeNaN();
  });
});

it('has a sitemap of all posts, and robots.txt names it', async () => {
  const answer = await get('/site/sitemap.xml');
  checkXml(answer.body);
  const posts = (await publisher.sql('SELECT count(*)::integer AS count FROM published_posts'))[0]?.count;
  expect(load(answer.body, { xml: true })('url > loc')).toHaveLength(Number(posts));
  expect((await get('/site/sitemap/1.xml')).body).toBe(answer.body);
  expect((await get('/robots.txt')).body).toContain('Sitemap: https://news.example.org/blog/site/sitemap.xml\n');
});

it('keeps its style sheet for ever', async () => {
  const href = (await page('/site'))('link[rel=stylesheet]').attr('href') ?? '';
  const style = await get(href.replace('/blog', ''));
  expect([style.statusCode, style.headers['content-type'], style.headers['cache-control']]).toEqual([
    200,
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
});

describe('the JSON', () => {
  it('lists, pages and reads', async () => {
    const first = await get('/public/posts?limit=10&tag=numbers');
    expect(first.json()).toHaveLength(10);
    const next = /^<(\/public\/posts\?[^>]*)>; rel="next"$/.exec(String(first.headers.link))?.[1] ?? '';
    const second = (await get(next)).json<{ slug: string }[]>();
    expect(second).toHaveLength(10);
    expect(first.json<{ slug: string }[]>().map(({ slug }) => slug)).not.toContain(second[0]?.slug);
    expect((await get('/public/posts/post-1')).json()).toMatchObject({
      slug: 'post-1',
      language: 'en',
      body: 'A text.',
      body_html: '<p>A text.</p>\n',
      url: 'https://news.example.org/blog/site/posts/post-1',
    });
    expect((await get('/public/search?q=text&limit=1')).json()).toMatchObject({ corrected_query: null, posts: [{}] });
  });

  it('refuses what it does not know', async () => {
    for (const url of [
      '/public/posts?x=1',
      '/public/posts?limit=0',
      '/public/posts?cursor=x',
      '/public/search',
      '/public/search?q=a&cursor=bmV4dA',
    ]) {
      expect((await get(url)).statusCode).toBe(400);
    }
    expect((await get('/public/posts/nothing')).json()).toMatchObject({ code: 'not_found' });
  });
});

it('counts calls by address, in a class of its own, whoever asks', async () => {
  expect((await get('/site')).headers['ratelimit-policy']).toBe('"public";q=600;w=60');
  expect((await get('/public/posts')).headers['ratelimit-policy']).toBe('"public";q=600;w=60');
});

it('answers an address that cannot be decoded with a page', async () => {
  const answer = await get('/site/posts/%ff');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect((await get('/public/posts/%ff')).json()).toMatchObject({ status: 400, code: 'malformed_request' });
});
