import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { chromium, type Browser, type Page } from 'playwright-core';
import { textOf } from '@longhaul/content/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../../apps/api/src/start-api.js';
import { Publisher } from '../support/publisher.js';
import { article, headlines } from './articles.js';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (program === undefined) {
  process.stderr.write('SKIPPED: no Chromium on this machine, so no page was opened in a browser.\n');
}
/** Where the pictures are, for people. */
const pictures = join(tmpdir(), 'longhaul-site');
const axe = readFileSync(createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');

(program === undefined ? describe.skip : describe)('the public site in a browser', () => {
  let database: TestDatabase;
  let publisher: Publisher;
  let app: NestFastifyApplication;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    database = await testDatabase();
    publisher = new Publisher(database.adminUrl);
    await publisher.publish({ ...article, ...textOf(article.body) });
    for (const [index, post] of headlines.entries()) await publisher.publish({ ...post, age: 3_000 * (index + 1) });
    app = await makeApi(testConfig(database, { ADMIN_PASSWORD: 'a long password', SITE_NAME: 'The Long Haul' }));
    await app.listen(0, '127.0.0.1');
    url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
    mkdirSync(pictures, { recursive: true });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await app.close();
    await publisher.close();
    await database.drop();
  });

  const paths = {
    front: '/site',
    post: `/site/posts/${article.slug}`,
    tag: '/site/tags/operations',
    search: '/site/search?q=queues',
    misspelt: '/site/search?q=kubernates',
    none: '/site/search?q=xylophone',
    missing: '/site/posts/nothing',
  };
  const looks = (['light', 'dark'] as const).flatMap((scheme) => [390, 1280].map((width) => ({ scheme, width })));

  async function opened(scheme: 'light' | 'dark', width: number): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      // The browser itself says that the missing page is missing.
      if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
    });
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    return { page, complaints };
  }

  it.each(looks)(
    'looks right: $scheme, $width px',
    async ({ scheme, width }) => {
      const { page, complaints } = await opened(scheme, width);
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(url + path);
        await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
        const { scrollWidth, clientWidth } = await page.evaluate<{ scrollWidth: number; clientWidth: number }>(
          '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
        );
        expect([name, scrollWidth]).toEqual([name, clientWidth]);
        // The browser's own tools are not bound by the page's policy.
        await page.evaluate(axe);
        const { violations } = await page.evaluate<{
          violations: { id: string; nodes: { html: string }[] }[];
        }>('axe.run()');
        expect(violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html)])).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('can be read and searched without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${url}/site`);
    await page.getByRole('searchbox').fill('backpressure');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: article.title, exact: true }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(article.title);
    expect(new URL(page.url()).pathname).toBe(`/site/posts/${article.slug}`);
    await context.close();
  });
});
