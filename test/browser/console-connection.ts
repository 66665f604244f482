import type { Page } from 'playwright-core';
import { call } from '../support/deployment.js';
import { HeldSite } from './held-site.js';
import { signIn, visit, type Stage } from './console-stage.js';
import { idOf, later, rowOf, Work } from './console-work.js';

const streams = /\/tasks\/([0-9a-f-]+\/)?stream/;
const badge = (page: Page, state: string) => page.getByRole('status').getByText(state, { exact: true });

/** Counts the submissions of a page, and the keys that they had. */
function submissions(page: Page): string[] {
  const keys: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/tasks')
      keys.push(request.headers()['idempotency-key'] ?? 'none');
  });
  return keys;
}

/** What becomes of the pages when the connection, the server or the session is bad. */
export function describeConnection(stage: () => Stage): void {
  const work = new Work(stage);

  it('asks by itself while no stream is to be had', async () => {
    const { user } = work.deployment.users;
    const metadata = { q: 'polled' };
    const site = await HeldSite.start();
    const { context, page, complaints } = await work.opened(user, '/tasks/new');
    const refusals = [503, 429, null];
    await context.route(streams, (route) => {
      const status = refusals.shift() ?? null;
      refusals.push(status ?? 0);
      return status === null || status === 0
        ? route.abort('connectionreset')
        : route.fulfill({ status, contentType: 'application/problem+json', body: '{"code":"busy"}' });
    });
    const id = await work.submit(user, { task_type: 'web_scrape', url: site.url('/held'), metadata });
    const list = await context.newPage();
    await Promise.all([
      page.goto(`${work.url}/console/tasks/${id}`),
      list.goto(`${work.url}/console/tasks?q=${metadata.q}`),
    ]);
    await rowOf(list, id).waitFor();
    await Promise.all([page, list].map((each) => badge(each, 'Polling').waitFor()));
    const next = await work.submit(user, later({ metadata }));
    site.release();
    await page.getByRole('main').getByText('Succeeded', { exact: true }).first().waitFor();
    await rowOf(list, id).getByText('Succeeded').waitFor();
    await rowOf(list, next).waitFor();
    await context.unroute(streams);
    await badge(list, 'Live').waitFor();
    await work.submit(user, later({ metadata }));
    await list.locator('[aria-rowcount="4"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
    site.stop();
  }, 60_000);

  it('does not take an api that is busy for one that is away', async () => {
    const { user } = work.deployment.users;
    const id = await work.submit(user, later());
    const { context, page } = await work.opened(user, '/tasks/new');
    const busy = {
      status: 503,
      contentType: 'application/problem+json',
      body: '{"code":"unavailable","title":"Busy"}',
    };
    await page.route(/\/tasks\?/, (route) => route.fulfill(busy));
    await page.getByRole('link', { name: 'Tasks' }).first().click();
    await page.getByRole('heading', { name: 'That could not be loaded' }).waitFor();
    expect(await page.getByText('The server does not answer.', { exact: false }).count()).toBe(0);
    // What no api says is a proxy's.
    await page.unroute(/\/tasks\?/);
    const api = /\/(tasks\?|health)/;
    await page.route(api, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: 'Bad gateway' }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The server does not answer.', { exact: false }).waitFor();
    await page.unroute(api);
    await rowOf(page, id).waitFor();
    await context.close();
  }, 60_000);

  it('can be used over a slow line: it says that it loads, and sends nothing twice', async () => {
    const { user } = work.deployment.users;
    const { context, page, complaints } = await visit(stage().browser);
    await page.goto(`${work.url}/console/tasks/new?type=simulation`);
    await page.getByLabel('User name').waitFor();
    const line = await context.newCDPSession(page);
    const bytes = 50_000;
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 400, downloadThroughput: bytes, uploadThroughput: bytes },
    });
    const reloaded = page.reload();
    await page
      .getByRole('status')
      .filter({ hasText: /Loading|Signing in/ })
      .first()
      .waitFor();
    await reloaded;
    await page.getByLabel('User name').fill(user.username);
    await page.getByLabel('Password', { exact: true }).fill(user.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('main').getByRole('status', { name: 'Loading …' }).waitFor();
    await page.getByLabel('Duration').fill('1');
    const keys = submissions(page);
    await page.getByRole('button', { name: 'Submit', exact: true }).dblclick();
    await page
      .getByLabel('Duration')
      .press('Enter')
      .catch(() => undefined);
    await page.getByRole('heading', { level: 1, name: 'Simulation' }).waitFor();
    await page.getByRole('main').getByText('Succeeded', { exact: true }).first().waitFor();
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    await page.getByRole('link', { name: 'Tasks' }).first().click();
    await rowOf(page, (await latest(user.token)) ?? '').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('makes one task of what was sent again because no answer came', async () => {
    const { user } = work.deployment.users;
    const { context, page, complaints } = await work.opened(user, '/tasks/new?type=simulation');
    const keys = submissions(page);
    let made = '';
    await page.route('**/tasks', async (route) => {
      if (route.request().method() !== 'POST' || made !== '') return route.fallback();
      const answer = await route.fetch();
      made = ((await answer.json()) as { task_id: string }).task_id;
      return route.abort('connectionreset');
    });
    await page.getByLabel('Duration').fill('0');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('alert').getByText('Check the connection', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Simulation' }).waitFor();
    expect(idOf(page)).toBe(made);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('says that the device is offline, and goes on by itself', async () => {
    const { user } = work.deployment.users;
    const q = 'offline';
    const { context, page, complaints } = await work.opened(user, `/tasks?q=${q}`);
    await badge(page, 'Live').waitFor();
    await context.setOffline(true);
    await page.getByText('This device is offline.', { exact: false }).waitFor();
    const [first] = await work.submitMany(user, [later({ metadata: { q } })]);
    // A page that was not there yet waits, too.
    await page.getByRole('link', { name: 'Submit a task' }).first().click();
    await context.setOffline(false);
    await page.getByText('This device is offline.', { exact: false }).waitFor({ state: 'hidden' });
    await page.getByRole('heading', { level: 1, name: 'Submit a task' }).waitFor();
    await page.getByRole('combobox', { name: 'Kind' }).waitFor();
    await page.goBack();
    await rowOf(page, first).waitFor();
    await badge(page, 'Live').waitFor();
    await context.setOffline(true);
    await page.getByText('This device is offline.', { exact: false }).waitFor();
    const second = await work.submit(user, later({ metadata: { q } }));
    await context.setOffline(false);
    await rowOf(page, second).waitFor();
    await badge(page, 'Live').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('says what is not for somebody, or not there for them', async () => {
    const { admin, user } = work.deployment.users;
    const foreign = await work.submit(admin, later());
    const { context, page, complaints } = await work.opened(user, '/operations');
    await page.getByRole('heading', { level: 1, name: 'This page is not for you' }).waitFor();
    await page.getByText('It needs another role: Admin.', { exact: false }).waitFor();
    await page.goto(`${work.url}/console/tasks/${foreign}`);
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor();
    await page.goto(`${work.url}/console/tasks/new?from=${foreign}&type=simulation`);
    await page.getByLabel('Duration').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('leads to the sign-in when the session has ended elsewhere, and back to where one was', async () => {
    const { user } = work.deployment.users;
    const brief = await work.deployment.startApi({ ACCESS_TOKEN_SECONDS: '5' });
    const { context, page, complaints } = await visit(stage().browser);
    const address = `${brief.url}/console/tasks?status=FAILED&q=nothing`;
    await page.goto(address);
    await signIn(page, user);
    await badge(page, 'Live').waitFor();
    const draft = await context.newPage();
    await draft.goto(`${brief.url}/console/tasks/new?type=simulation`);
    await draft.getByLabel('Duration').fill('42');
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: brief.url };
    expect((await call(brief, 'DELETE', '/console/session', { headers })).status).toBe(204);
    await Promise.all(
      [page, draft].map((each) => each.getByText('Your session has ended.', { exact: false }).waitFor()),
    );
    await signIn(page, user);
    await page.getByRole('heading', { name: 'No task fits' }).waitFor();
    expect(page.url()).toBe(address);
    // The other tab has the session as well, and what was written there.
    await draft.getByLabel('Duration').waitFor();
    expect(await draft.getByLabel('Duration').inputValue()).toBe('42');
    expect(complaints).toEqual([]);
    await context.close();
    await brief.kill('SIGTERM');
  }, 60_000);

  it('shows nothing of one user to the next in the same tab', async () => {
    const { admin, user } = work.deployment.users;
    const title = 'only of the admin';
    const foreign = await work.submit(admin, later({ metadata: { title } }));
    const { context, page, complaints } = await work.opened(admin, `/tasks/new?from=${foreign}&type=simulation`);
    await page
      .getByText(title, { exact: false })
      .or(page.locator(`[value*="${title}"]`))
      .first()
      .waitFor();
    await page.getByRole('button', { name: `Account of ${admin.username}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    // The way back to where the other one was.
    await signIn(page, user);
    await page.getByLabel('Duration').waitFor();
    expect(page.url()).toContain(foreign);
    expect(await page.content()).not.toContain(title);
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  const latest = async (token: string) => {
    const { json } = await call(work.url, 'GET', '/tasks?limit=1', { token });
    return (json as { task_id: string }[]).at(0)?.task_id;
  };
}
