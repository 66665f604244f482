import { docsPages, type Page } from './docs-pages.js';

let pages: Page[];
beforeAll(async () => (pages = await docsPages()));

const linksOf = ({ body }: Page) => [...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);

test('the documents make a site worth crawling: 20 pages at least, each with its own path, title and text', () => {
  expect(pages.length).toBeGreaterThanOrEqual(20);
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
  for (const { path, title, description, body } of pages) {
    expect(path).toMatch(/^\/[\w/-]*$/);
    expect([title, description]).not.toContain('');
    expect(description.length).toBeLessThanOrEqual(160);
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body).not.toContain('&lt;img src=&quot;docs/');
  }
  expect(pages[0]).toMatchObject({ path: '/', title: 'Longhaul' });
});

test('every link leads to a page of the site or to another site', () => {
  const paths = new Set(pages.map(({ path }) => path));
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .filter((href) => !paths.has(href) && !/^https?:/.test(href))
      .map((href) => `${page.path}: ${href}`),
  );
  expect(broken).toEqual([]);
});

test('a link to a heading leads to the page of that heading', () => {
  const run = pages.find(({ path }) => path === '/users-and-tokens');
  expect(linksOf(run!)).toContain('/docs/security/openid-connect');
});
