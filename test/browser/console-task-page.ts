import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { call } from '../support/deployment.js';
import type { Stage } from './console-stage.js';
import { failing, hostile, rowOf, simulation, Work } from './console-work.js';
import { HeldSite } from './held-site.js';

const run = promisify(execFile);
const curl = ['/usr/bin/curl', '/usr/local/bin/curl', '/bin/curl'].find(existsSync);

/** Whether the end of the log is in sight. */
const isAtEnd = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const { scrollTop, clientHeight, scrollHeight } = document.querySelector('[role=log]');
    return scrollTop + clientHeight > scrollHeight - 30;
  })()`);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

async function openTab(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  return page.getByRole('tabpanel');
}

async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFile(await download.path(), 'utf8');
}

/** All that is about one task. */
export function describeTaskPage(stage: () => Stage): void {
  const work = new Work(stage);
  const finished = (page: Page) => page.getByRole('main').getByText('Succeeded', { exact: true }).first().waitFor();

  it('shows what strangers wrote as text, wherever it stands', async () => {
    const { user } = work.deployment.users;
    const site = await HeldSite.start(hostile);
    const metadata = { title: hostile, q: 'hostile' };
    const scrape = await work.submit(user, { task_type: 'web_scrape', url: site.url('/'), metadata });
    const failed = await work.submit(user, failing({ metadata }));
    await Promise.all([work.ended(scrape), work.ended(failed)]);
    site.stop();
    // No kind of ours fails with such a text; one of somebody else's may.
    const error = JSON.stringify({ code: 'simulated_failure', message: hostile, retryable: false });
    await work.deployment.sql('UPDATE jobs SET error = $2, progress = $3 WHERE id = $1', [
      ...[failed, error, JSON.stringify({ percent: 1, current: null, total: null, message: hostile })],
    ]);
    await work.deployment.sql(`UPDATE job_events SET message = $2 WHERE job_id = $1 AND type = 'log'`, [
      failed,
      hostile,
    ]);

    const { context, page, complaints } = await work.opened(user, `/tasks?q=${metadata.q}`);
    const intact = async () => {
      expect(await page.title()).not.toContain('broken');
      expect(await page.locator('img').count()).toBe(0);
    };
    await rowOf(page, failed).getByText(hostile, { exact: false }).waitFor();
    await intact();
    await rowOf(page, failed).getByRole('link').click();
    await page.getByRole('alert').or(page.getByText('Failed: simulated_failure')).first().waitFor();
    await page.getByText(hostile, { exact: true }).first().waitFor();
    await page.getByRole('log').getByText(hostile, { exact: true }).first().waitFor();
    expect(await downloaded(page, 'Download the whole log as .txt')).toContain(` ${hostile}\n`);
    expect(await downloaded(page, 'Download the whole log as .jsonl')).toContain(JSON.stringify(hostile));
    for (const tab of ['Events', 'Input']) {
      await openTab(page, tab);
      await intact();
    }
    const asJson = JSON.stringify(hostile);
    await page.getByRole('tabpanel').getByText(asJson, { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Run again' }).click();
    await page.locator('section[aria-labelledby=curl] pre').getByText('onerror', { exact: false }).waitFor();
    await intact();
    await page.goto(`${work.url}/console/tasks/${scrape}?tab=result`);
    await page.getByRole('tabpanel').getByText(asJson, { exact: false }).waitFor();
    await intact();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('follows the log, until somebody scrolls up; filters and downloads it', async () => {
    const { user } = work.deployment.users;
    const site = await HeldSite.start('Links', 60);
    const body = { task_type: 'web_scrape', url: site.url('/'), follow_links: true, max_pages: 61 };
    const id = await work.submit(user, body);
    const { context, page, complaints } = await work.opened(user, `/tasks/${id}`);
    const grownTo = async (lines: number) => {
      site.release(20);
      await page.getByRole('tab', { name: `Log (${lines})`, exact: true }).waitFor();
    };
    await grownTo(20);
    await grownTo(40);
    const box = page.getByRole('log');
    await until(() => isAtEnd(page));
    await box.hover();
    await page.mouse.wheel(0, -400);
    await page.getByRole('checkbox', { name: 'Follow' }).and(page.locator(':not(:checked)')).waitFor();
    await grownTo(60);
    expect(await isAtEnd(page)).toBe(false);
    await finished(page);

    await page.getByLabel('Least level', { exact: true }).first().click();
    await page.getByRole('option', { name: 'Errors only' }).click();
    await page.getByText('No line fits.').waitFor();
    await page.getByLabel('Least level', { exact: true }).first().click();
    await page.getByRole('option', { name: 'Warnings and up' }).click();
    await box.getByText('Page failed', { exact: false }).first().waitFor();
    await page.getByLabel('Filter lines').fill('nothing says this');
    await page.getByText('No line fits.').waitFor();
    const text = await downloaded(page, 'Download the whole log as .txt');
    expect(text.trimEnd().split('\n')).toEqual(
      Array.from({ length: 60 }, () => expect.stringMatching(/^\d{4}-\S+Z warn {2}Page failed: /) as string),
    );
    expect(complaints).toEqual([]);
    await context.close();
    site.stop();
  }, 60_000);

  it('shows the same on another device, after a reload, and when the api was restarted on the way', async () => {
    const { user, admin } = work.deployment.users;
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const site = await HeldSite.start('Links', 20);
    const { json } = await call(work.url, 'POST', '/tasks', {
      token: user.token,
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: { task_type: 'web_scrape', url: site.url('/'), follow_links: true, max_pages: 21 },
    });
    const id = (json as { task_id: string }).task_id;
    const [own, other] = await Promise.all([work.opened(user, `/tasks/${id}`), work.opened(admin, `/tasks/${id}`)]);
    const shows = (done: number) =>
      Promise.all([own, other].map(({ page }) => page.getByText(`· ${done} / 21`, { exact: false }).waitFor()));
    site.release(5);
    await shows(6);
    await own.page.reload();
    await shows(6);
    const link = own.page.getByRole('link', { name: traceId.slice(0, 12) });
    expect(await link.getAttribute('href')).toBe(`https://traces.example.org/trace/${traceId}`);

    const { port } = new URL(work.url);
    const [api] = work.deployment.apis;
    await api.kill('SIGTERM');
    // The worker goes on meanwhile.
    site.release(5);
    await work.deployment.startApi({ PORT: port });
    await shows(11);
    site.release();
    await Promise.all([own, other].map(({ page }) => finished(page)));
    const { json: events } = await call(work.url, 'GET', `/tasks/${id}/events`, { token: user.token });
    const kept = (events as { type: string }[]).filter(({ type }) => type !== 'progress');
    const logs = kept.filter(({ type }) => type === 'log').length;
    for (const { page } of [own, other]) {
      await page.getByRole('tab', { name: `Log (${logs})`, exact: true }).waitFor();
      await page.getByRole('tab', { name: `Events (${kept.length - logs})`, exact: true }).waitFor();
      await page.getByRole('listitem').filter({ hasText: 'Attempt 1' }).getByText('Succeeded').waitFor();
    }
    site.stop();
    expect([...own.complaints, ...other.complaints]).toEqual([]);
    await Promise.all([own.context.close(), other.context.close()]);
  }, 60_000);

  it('shows a command that submits the same', async () => {
    if (curl === undefined) return void process.stderr.write('SKIPPED: no curl on this machine.\n');
    const { user } = work.deployment.users;
    const { context, page } = await work.opened(user, '/tasks/new?type=simulation');
    await page.getByLabel('Duration').fill('0');
    await page.getByRole('button', { name: 'Schedule, priority, metadata' }).click();
    const metadata = { note: `it's "quoted" $HOME \\ \`id\`` };
    await page.getByRole('textbox', { name: 'Metadata' }).fill(JSON.stringify(metadata));
    const command = await page.locator('section[aria-labelledby=curl] pre').innerText();
    const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, TOKEN: user.token } });
    const { task_id: id } = JSON.parse(stdout) as { task_id: string };
    const { json } = await call(work.url, 'GET', `/tasks/${id}/input`, { token: user.token });
    expect(json).toMatchObject({ task_type: 'simulation', duration: 0, metadata });
    await context.close();
  }, 60_000);

  it('fills the form in with what a task was submitted with', async () => {
    const { user } = work.deployment.users;
    const id = await work.submit(user, simulation(0, { priority: 7, max_attempts: 2, metadata: { note: 'again' } }));
    const { context, page } = await work.opened(user, `/tasks/${id}`);
    await page.getByRole('link', { name: 'Run again' }).click();
    await page.getByText('Priority', { exact: true }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Priority' }).inputValue()).toBe('7');
    expect(await page.getByRole('textbox', { name: 'Max attempts' }).inputValue()).toBe('2');
    expect(JSON.parse(await page.getByRole('textbox', { name: 'Metadata' }).inputValue())).toEqual({ note: 'again' });
    await context.close();
  }, 60_000);
}
