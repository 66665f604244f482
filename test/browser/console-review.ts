import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { makeItem, type TestItem } from '@longhaul/content/testing';
import { call, type Deployment, type DeployedUser } from '../support/deployment.js';
import { article } from './articles.js';
import { inspect, looks, setStage, signIn, visit } from './console-stage.js';

/** What a scraped title may be. */
const hostile = 'Tides <img src=x onerror="document.title=`broken`"><script>document.title="broken"</script>';
const reason = 'The second paragraph has no source.';
const sources = [
  { id: 's1', title: hostile, url: 'javascript:document.title="broken"' },
  { id: 's2', title: 'The law of Little', url: 'https://example.org/little' },
];
const names = ['readability', 'structure', 'keyword_use', 'length_fit', 'grounding', 'originality', 'completeness'];
const quality = {
  score: 74.2,
  criteria: names.map((name, index) => ({
    ...{ name, score: 95 - index * 9, weight: 1 / names.length },
    reason: `Sentences have 14 words on average, which is what readers of ${name.replace('_', ' ')} like.`,
  })),
};

/** The elements and texts of a piece of HTML, without the attributes that the console and the site name differently. */
function outline(html: string): string {
  return html
    .replace(
      /<(\w+)([^>]*)>/g,
      (_tag, name: string, rest: string) => `<${name}${/ href="[^"]*"/.exec(rest)?.[0] ?? ''}>`,
    )
    .replace(/>\s+/g, '>')
    .replace(/\s+</g, '<');
}

/** What editors and authors have. */
export function describeReview(): void {
  describe('review and audit', () => {
    let deployment: Deployment;
    let browser: Browser;
    let url: string;

    setStage({ backend: 'postgres', apis: 1, workers: 0 }, (stage) => void ({ deployment, browser, url } = stage));

    const judge = (id: string) =>
      deployment.sql('UPDATE content_versions SET quality = $2 WHERE item_id = $1', [id, JSON.stringify(quality)]);
    const made = async (given: Partial<TestItem> = {}): Promise<string> => {
      const database = { query: (text: string, values?: unknown[]) => deployment.sql(text, values) };
      const id = await makeItem(database, { ownerId: deployment.users.user.id, ...given });
      await judge(id);
      return id;
    };
    const change = async (user: DeployedUser, id: string, verb: string, body: object) => {
      const read = await call(url, 'GET', `/content/${id}`, { token: user.token });
      const { etag } = (read.json as { version: { etag: string } }).version;
      const [method, path] = verb === 'edit' ? (['PATCH', ''] as const) : (['POST', `/${verb}`] as const);
      const headers = { 'if-match': etag };
      const { status } = await call(url, method, `/content/${id}${path}`, { token: user.token, headers, body });
      expect(status).toBe(200);
    };
    const opened = async (user: DeployedUser, path: string, look?: (typeof looks)[number]) => {
      const made = await visit(browser, look);
      await made.page.goto(`${url}/console${path}`);
      await signIn(made.page, user);
      return made;
    };
    const decide = async (page: Page, verb: string) => {
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: verb, exact: true }).click();
      return dialog;
    };

    it.each(looks)(
      'looks right and can be used by everybody: $scheme, $width px',
      async (look) => {
        const { admin, editor, user } = deployment.users;
        const id = await made({
          ...article,
          sources,
          seo: { title: 'Queues', description: article.description, keywords: ['queues'] },
        });
        await change(editor, id, 'approve', { publish: true, feedback: 'Well sourced.' });
        const edited = article.body
          .replace('every team', 'each team')
          .replace('Refuse early, with', 'Say no early, and name');
        await change(user, id, 'edit', { title: 'Why queues grow', body: edited, reason: 'Shorter.' });
        await judge(id);
        await made({ title: hostile });
        const { context, page, complaints } = await opened(admin, '/review', look);
        const wrong: unknown[] = [];
        const pages: [string, string, string][] = [
          ['review', '/review', 'table'],
          ['content', '/content', 'table'],
          ['content-nothing-fits', '/content?tag=nowhere', 'heading'],
          ['article', `/content/${id}`, 'article'],
          ['article-old', `/content/${id}?version=1`, 'article'],
          ['article-quality', `/content/${id}?tab=quality`, 'table'],
          ['article-compare', `/content/${id}?tab=compare&view=side`, 'table'],
          ['article-words', `/content/${id}?tab=compare&view=words`, 'deletion'],
          ['article-versions', `/content/${id}?tab=versions`, 'table'],
          ['article-history', `/content/${id}?tab=history`, 'tabpanel'],
          ['article-edit', `/content/${id}/edit`, 'article'],
          ['audit', '/audit', 'link'],
          ['audit-nothing-fits', '/audit?from=2001-01-01&to=2001-01-02', 'heading'],
        ];
        for (const [name, path, role] of pages) {
          await page.goto(`${url}/console${path}`);
          const main = page.getByRole('main');
          await main
            .getByRole(role as 'table')
            .first()
            .waitFor();
          await main.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
          wrong.push(...(await inspect(page, name, look)));
        }
        await page.goto(`${url}/console/content/${id}`);
        await page.getByRole('button', { name: 'Reject' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
        await page.getByText('At least 10 characters.', { exact: true }).waitFor();
        wrong.push(...(await inspect(page, 'article-reject', look)));
        const title = await page.title();
        await page.goto(`${url}/console/audit`);
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByRole('menuitem', { name: 'All as CSV' }).click();
        await page.getByText('Exported', { exact: true }).waitFor();
        wrong.push(...(await inspect(page, 'audit-exported', look)));
        expect(wrong).toEqual([]);
        expect(complaints).toEqual([]);
        expect(title).toBe('Why queues grow · Content · Longhaul');
        await context.close();
      },
      180_000,
    );

    it('publishes what is shown as it is shown, and tells the slower of two who was faster', async () => {
      const id = await made({
        title: 'Two at once',
        body: `${article.body}\n\n![A coast](https://example.org/a.png) <b>bold</b>`,
        sources,
      });
      const [fast, slow] = await Promise.all([
        opened(deployment.users.editor, '/review'),
        opened(deployment.users.admin, `/content/${id}`),
      ]);
      await slow.page.getByRole('button', { name: 'Reject' }).click();
      await slow.page.getByRole('textbox', { name: 'Reason' }).fill(reason);
      await fast.page.getByRole('link', { name: 'Two at once' }).click();
      await fast.page.getByRole('button', { name: 'Approve' }).click();
      await fast.page.getByRole('menuitem', { name: 'Approve and publish' }).click();
      await fast.page.getByLabel('Feedback').fill('Well sourced.');
      await decide(fast.page, 'Approve and publish');
      await fast.page.getByText('Published', { exact: true }).first().waitFor();

      await decide(slow.page, 'Reject');
      const notice = slow.page.getByRole('alert');
      await notice.getByText('Somebody was faster').waitFor();
      await notice.getByText('editor approved version 1', { exact: false }).waitFor();
      expect(await slow.page.getByText('Awaiting approval').count()).toBe(1);
      await notice.getByRole('button', { name: 'Look at it as it is now' }).click();
      await slow.page.getByText('Published', { exact: true }).first().waitFor();

      const shown = outline(await fast.page.locator('[data-prose]').innerHTML());
      await fast.page.goto(`${url}/site/posts/tides-${id}`);
      expect(shown).toBe(outline(await fast.page.locator('.prose').innerHTML()));
      expect([...fast.complaints, ...slow.complaints]).toEqual([]);
      await Promise.all([fast.context.close(), slow.context.close()]);
    }, 90_000);

    it('says plainly that four eyes are needed', async () => {
      const id = await made({ ownerId: deployment.users.editor.id });
      const { context, page } = await opened(deployment.users.editor, `/content/${id}`);
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('menuitem', { name: 'Approve', exact: true }).click();
      const dialog = await decide(page, 'Approve');
      await dialog.getByRole('alert').getByText('A second person is needed').waitFor();
      await context.close();
    }, 60_000);

    it('edits, saves over what came meanwhile when asked to, rejects, brings back, and notes it all', async () => {
      const { admin, editor, user } = deployment.users;
      const id = await made({ title: 'Long road' });
      const own = await opened(user, `/content/${id}/edit`);
      await own.page.getByLabel('Title').fill('A shorter road');
      await change(editor, id, 'edit', { title: 'A longer road', tags: ['added'], reason: 'It is longer.' });
      await own.page.getByRole('button', { name: 'Save as a new version' }).click();
      const notice = own.page.getByRole('alert');
      await notice.getByText('editor made version 2', { exact: false }).waitFor();
      await notice.getByText('You both changed: Title.', { exact: false }).waitFor();
      await notice.getByRole('button', { name: 'Keep my text, as a change of version 2' }).click();
      await own.page.getByRole('button', { name: 'Save as a new version' }).click();
      await own.page.getByRole('heading', { level: 1, name: 'A shorter road' }).waitFor();
      // What the other changed beside the title is still there.
      await own.page.getByRole('listitem').filter({ hasText: 'added' }).waitFor();
      expect(await own.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);

      const reviewer = await opened(admin, `/content/${id}?tab=versions`);
      const { page } = reviewer;
      await page.getByRole('button', { name: 'Bring back version 1' }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill('The first title was better known.');
      await decide(page, 'Bring back');
      await page.getByRole('heading', { level: 1, name: 'Long road' }).waitFor();
      await page.getByRole('button', { name: 'Reject' }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill(reason);
      await decide(page, 'Reject');
      await page.getByText('Rejected. A task writes a new version', { exact: false }).waitFor();
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByRole('tabpanel').getByText(reason).waitFor();

      await page.goto(`${url}/console/audit`);
      await page
        .getByRole('combobox', { name: 'Decision' })
        .or(page.getByRole('textbox', { name: 'Decision' }))
        .click();
      await page.getByRole('option', { name: 'Rejected' }).click();
      await page.getByRole('row').filter({ hasText: 'Long road' }).getByText(reason).waitFor();
      expect(new URL(page.url()).search).toBe('?decision=rejected');
      await page.getByRole('button', { name: 'Export' }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'All as CSV' }).click(),
      ]);
      const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
      expect(file.suggestedFilename()).toMatch(/^reviews-.*\.csv$/);
      expect(lines.filter((line) => line.includes(id) && line.includes(reason))).toHaveLength(1);
      expect(lines.at(-1)).toMatch(/,head,/);
      expect([...own.complaints, ...reviewer.complaints]).toEqual([]);
      await Promise.all([own.context.close(), reviewer.context.close()]);
    }, 120_000);

    it('shows users their own content, and neither the review nor the audit', async () => {
      const { other, user } = deployment.users;
      const id = await made({ title: 'Mine alone', ownerId: other.id });
      const { context, page } = await opened(other, '/content');
      await page.getByRole('link', { name: 'Mine alone' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(2);
      const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
      expect(await links.allTextContents()).toEqual(['Tasks', 'Content']);
      await page.goto(`${url}/console/audit`);
      await page.getByRole('heading', { name: 'This page is not for you' }).waitFor();
      await context.close();
      const stranger = await opened(user, `/content/${id}`);
      await stranger.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
      await stranger.context.close();
    }, 60_000);
  });
}
