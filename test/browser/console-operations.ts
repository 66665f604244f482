import type { Browser, Page } from 'playwright-core';
import { v7 as uuidV7 } from 'uuid';
import { call, type Deployment } from '../support/deployment.js';
import { inspect, looks, setStage, signIn, visit } from './console-stage.js';

/** What admins have. */
export function describeOperations(): void {
  describe('operations and users', () => {
    let deployment: Deployment;
    let browser: Browser;
    let url: string;

    setStage({ backend: 'postgres' }, async (stage) => {
      ({ deployment, browser, url } = stage);
      await past('web_scrape', 900, 55, 20);
      await past('web_scrape', 240, 20, 12);
      await past('content_generation', 60, 40, 35);
      await past('simulation', 150, 58, 50);
      await past('content_evaluation', 1_500, 300, 4);
    });

    /** Tasks that came and ended well, so many minutes ago and in so many minutes. */
    const past = async (kind: string, count: number, minutesAgo: number, minutes: number) => {
      const from = Date.now() - minutesAgo * 60_000;
      const times = Array.from({ length: count }, (_, n) => from + (n / count) * minutes * 60_000);
      await deployment.sql(
        `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, created_at, run_at,
                         started_at, finished_at)
       SELECT id, $3, 'SUCCESS', 'ada', '{}', 60, 1, 1, at, at, at + interval '400 ms', at + interval '4 s'
       FROM unnest($1::uuid[], $2::float8[]) AS new(id, ms), LATERAL (SELECT to_timestamp(ms / 1000) AS at) time`,
        [times.map((msecs) => uuidV7({ msecs: Math.floor(msecs) })), times, kind],
      );
    };
    const submit = async (body: object): Promise<string> => {
      const { token } = deployment.users.admin;
      const { status, json } = await call(url, 'POST', '/tasks', { token, body: { task_type: 'simulation', ...body } });
      expect(status).toBe(202);
      return (json as { task_id: string }).task_id;
    };
    const statusOf = async (id: string) => {
      const { json } = await call(url, 'GET', `/tasks/${id}`, { token: deployment.users.admin.token });
      return (json as { status: string }).status;
    };
    const ended = async (id: string) => {
      for (;;) {
        const headers = { prefer: 'wait=10' };
        const { json } = await call(url, 'GET', `/tasks/${id}`, { token: deployment.users.admin.token, headers });
        const { status } = json as { status: string };
        if (['SUCCESS', 'FAILED', 'CANCELLED'].includes(status)) return status;
      }
    };
    const failing = { duration: 0, fail_probability: 1, max_attempts: 1 };
    /** A worker on another machine that leaves a host alone. */
    const seeBreaker = () =>
      deployment.sql(
        `INSERT INTO worker_heartbeats (worker_id, host, kinds, breakers)
       VALUES ('scraper-1:4711:ab12', 'scraper-1', '{web_scrape}', $1)
       ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
        [JSON.stringify([{ host: 'example.org:443', state: 'open', since: new Date().toISOString() }])],
      );
    const open = async (page: Page, path: string, heading: string) => {
      await page.goto(`${url}/console${path}`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    };
    const kindRow = (page: Page, kind: string) =>
      page.getByRole('table', { name: 'Kinds' }).getByRole('row').filter({ hasText: kind });

    it.each(looks)(
      'looks right and can be used by everybody: $scheme, $width px',
      async (look) => {
        const { admin } = deployment.users;
        await seeBreaker();
        const [failed, running] = await Promise.all([submit(failing), submit({ duration: 60, steps: 240 })]);
        expect(await ended(failed)).toBe('FAILED');
        const reason = 'The supplier is down until noon.';
        await call(url, 'POST', '/admin/kinds/content_generation/pause', { token: admin.token, body: { reason } });
        const { context, page, complaints } = await visit(browser, look);
        const wrong: unknown[] = [];
        const seen = async (name: string) => wrong.push(...(await inspect(page, name, look)));

        await page.goto(`${url}/console/operations`);
        await signIn(page, admin);
        await page.locator('canvas').waitFor();
        await kindRow(page, 'Content generation').getByText(reason).waitFor();
        await page.getByRole('link', { name: running.slice(-12) }).waitFor();
        await page.getByText('All numbers of the chart').click();
        await page.getByRole('region', { name: 'All numbers of the chart' }).waitFor();
        await seen('operations');
        await page.getByText('6 hours', { exact: true }).click();
        await page.getByText('≈ Estimated', { exact: false }).waitFor();
        await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
        await seen('operations-estimates');
        await page.getByRole('table', { name: 'Circuit breakers' }).scrollIntoViewIfNeeded();
        await seen('operations-below');
        await page.getByRole('button', { name: 'Pause Simulation' }).click();
        await page.getByRole('dialog').getByLabel('Reason').waitFor();
        await seen('operations-pause');

        await open(page, '/operations/failures', 'Failures');
        await page.getByText('Newest examples').first().click();
        await page.getByRole('listitem').getByRole('link').first().waitFor();
        await seen('failures');
        await page
          .getByRole('button', { name: /^Discard/ })
          .first()
          .click();
        await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
        await page.getByText('At least 3 characters.').waitFor();
        await seen('failures-discard');
        await open(page, '/operations/failures?type=web_scrape', 'Failures');
        await page.getByRole('heading', { name: 'Nothing of this kind has failed' }).waitFor();
        await seen('failures-none');

        await open(page, '/operations/actions', 'Admin actions');
        await page.getByText('Paused Content generation').first().waitFor();
        await seen('actions');

        await open(page, '/users', 'Users');
        await page.getByRole('table', { name: 'Users' }).waitFor();
        await seen('users');
        await page.getByRole('button', { name: 'New user' }).click();
        await page.getByRole('button', { name: 'Make the user' }).click();
        await page.getByText('Begin with a letter or digit', { exact: false }).waitFor();
        await seen('users-new');
        await page.getByLabel('User name', { exact: true }).fill(`look-${look.scheme}-${look.width}`);
        await page.getByRole('button', { name: 'Make the user' }).click();
        await page.getByLabel('Password', { exact: true }).waitFor();
        await seen('users-password');

        expect(wrong).toEqual([]);
        expect(complaints).toEqual([]);
        await call(url, 'DELETE', `/tasks/${running}`, { token: admin.token });
        await call(url, 'POST', '/admin/kinds/content_generation/resume', { token: admin.token });
        await context.close();
      },
      120_000,
    );

    it('pauses a kind with a reason, which another browser sees and resumes', async () => {
      const { admin } = deployment.users;
      const [own, other] = [await visit(browser), await visit(browser)];
      for (const { page } of [own, other]) {
        await page.goto(`${url}/console/operations`);
        await signIn(page, admin);
        await kindRow(page, 'Simulation').waitFor();
      }
      await own.page.getByRole('button', { name: 'Pause Simulation' }).click();
      await own.page.getByLabel('Reason').fill('no');
      await own.page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await own.page.getByText('At least 3 characters.').waitFor();
      await own.page.getByLabel('Reason').fill('<img src=x onerror=alert(1)>');
      await own.page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await own.page.getByRole('button', { name: 'Resume Simulation' }).waitFor();
      const id = await submit({ duration: 0 });

      const row = kindRow(other.page, 'Simulation');
      await row.getByText('<img src=x onerror=alert(1)>').waitFor();
      await row.getByText('by admin,').waitFor();
      await row.getByRole('link', { name: '1 Pending, Simulation' }).waitFor();
      expect(await statusOf(id)).toBe('PENDING');
      await other.page.getByRole('button', { name: 'Resume Simulation' }).click();
      for (const { page } of [own, other]) await page.getByRole('button', { name: 'Pause Simulation' }).waitFor();
      expect(await ended(id)).toBe('SUCCESS');

      await own.page.getByRole('link', { name: 'Admin actions' }).click();
      const actions = own.page.getByRole('table', { name: 'Admin actions' }).getByRole('row');
      await actions.nth(1).filter({ hasText: 'Resumed Simulation' }).waitFor();
      await actions.nth(2).filter({ hasText: 'Paused Simulation' }).filter({ hasText: '<img src=x' }).waitFor();
      expect([...own.complaints, ...other.complaints]).toEqual([]);
      await Promise.all([own.context.close(), other.context.close()]);
    }, 60_000);

    it('shows the same numbers in the chart and in the tables', async () => {
      const { context, page, complaints } = await visit(browser);
      await page.goto(`${url}/console/operations?show=submitted`);
      await signIn(page, deployment.users.admin);
      const table = page.getByRole('table').filter({ hasText: 'All kinds' });
      await table.getByText('Last hour').waitFor();
      const { json } = await call(url, 'GET', '/admin/overview?window=1h', { token: deployment.users.admin.token });
      const { kinds } = json as { kinds: { task_type: string; buckets: { submitted: number }[] }[] };
      const generated = kinds.find(({ task_type }) => task_type === 'content_generation')!;
      const total = generated.buckets.reduce((sum, { submitted }) => sum + submitted, 0);
      expect(total).toBe(60);
      await table.getByRole('row', { name: /^Content generation 60 60 0 0$/ }).waitFor();
      const chart = page.getByRole('img', { name: /^Chart: Submitted tasks by kind/ });
      await chart.locator('canvas').waitFor();
      const { width, height } = (await chart.boundingBox())!;
      await chart.hover({ position: { x: width * 0.6, y: height / 2 } });
      await table.getByText(/^\d\d:\d\d – \d\d:\d\d$/).waitFor();
      await page.getByRole('heading', { level: 1 }).hover();
      await table.getByText('Last hour').waitFor();
      await page.getByText('6 hours', { exact: true }).click();
      await page.waitForURL(/window=6h/);
      await table.getByRole('row', { name: /^Content evaluation ≈ [\d,]+ ≈ [\d,]+ 0 0$/ }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    }, 60_000);

    it('retries one failed task first, then all the same, and discards the rest after a question', async () => {
      const ids = await Promise.all(Array.from({ length: 3 }, () => submit(failing)));
      for (const id of ids) expect(await ended(id)).toBe('FAILED');
      const { context, page, complaints } = await visit(browser);
      await page.goto(`${url}/console/operations/failures?type=simulation`);
      await signIn(page, deployment.users.admin);
      const card = page.getByRole('listitem').filter({ hasText: 'simulated_failure' });
      await card.getByRole('button', { name: /^Retry one first/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retry one' }).click();
      await card.getByRole('link', { name: 'Retried first' }).waitFor();
      await card.getByText('Failed', { exact: true }).waitFor();

      await card.getByRole('button', { name: /^Retry all/ }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Retry \d+$/ })
        .click();
      await page.getByRole('alert').getByText('failed again', { exact: false }).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Retry all the same' }).click();
      await page.getByText(/^Retried: \d+\./).waitFor();
      for (const id of ids) expect(await ended(id)).toBe('FAILED');

      await card.getByRole('button', { name: /^Discard/ }).click();
      await page.getByRole('dialog').getByLabel('Reason').fill('It was a rehearsal.');
      await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
      await page.getByRole('heading', { name: 'Nothing of this kind has failed' }).waitFor();
      const { json } = await call(url, 'GET', `/tasks/${ids[0]}/events`, { token: deployment.users.admin.token });
      expect(JSON.stringify(json)).toContain('It was a rehearsal.');
      expect(complaints).toEqual([]);
      await context.close();
    }, 60_000);

    it('makes a user whose password is shown once, changes its roles, and lets it in no more', async () => {
      const { admin } = deployment.users;
      const [own, other] = [await visit(browser), await visit(browser)];
      await own.page.goto(`${url}/console/users`);
      await signIn(own.page, admin);
      await own.page.getByRole('button', { name: 'New user' }).click();
      await own.page.getByLabel('User name', { exact: true }).fill('Grace');
      await own.page.getByRole('button', { name: 'Make the user' }).click();
      const password = await own.page.getByLabel('Password', { exact: true }).inputValue();
      await own.page.keyboard.press('Escape');
      await own.page.getByRole('button', { name: 'Close' }).click();
      await own.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await own.page.content()).not.toContain(password);
      await other.page.goto(`${url}/console`);
      await signIn(other.page, { username: 'grace', password });
      expect(await other.page.getByRole('link', { name: 'Users' }).count()).toBe(0);
      await other.page.goto(`${url}/console/users`);
      await other.page.getByRole('heading', { name: 'This page is not for you' }).waitFor();

      const change = async (name: string, item: string) => {
        await own.page.getByRole('button', { name: `Change ${name}`, exact: true }).click();
        await own.page.getByRole('menuitem', { name: item }).click();
      };
      await own.page.getByLabel('Search users').fill('grac');
      await own.page.waitForURL(/\?q=grac$/);
      await own.page.getByRole('rowheader', { name: 'admin' }).waitFor({ state: 'detached' });
      await change('grace', 'Change roles');
      await own.page.getByRole('checkbox', { name: 'Editor' }).check();
      await own.page.getByRole('button', { name: 'Save' }).click();
      await own.page.getByRole('cell', { name: 'User Editor' }).waitFor();
      await change('grace', 'Disable');
      await own.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
      await own.page.getByText('Disabled', { exact: true }).waitFor();
      await other.page.reload();
      await other.page.getByLabel('User name').fill('grace');
      await other.page.getByLabel('Password', { exact: true }).fill(password);
      await other.page.getByRole('button', { name: 'Sign in' }).click();
      await other.page.getByText('User name and password do not fit together.').waitFor();

      await own.page.getByLabel('Search users').fill('');
      await own.page.waitForURL(/\/users$/);
      await change('admin', 'Disable');
      await own.page.getByText('This is your own account', { exact: false }).waitFor();
      await own.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
      await own.page.getByRole('alert').getByText('This is the last admin', { exact: false }).waitFor();
      expect([...own.complaints, ...other.complaints]).toEqual([]);
      await Promise.all([own.context.close(), other.context.close()]);
    }, 60_000);

    it('opens the queue board in a tab of its own', async () => {
      const { context, page } = await visit(browser);
      await page.goto(`${url}/console/operations`);
      await signIn(page, deployment.users.admin);
      const [board] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('button', { name: 'Queue board' }).click(),
      ]);
      await board.waitForURL(/\/admin\/queues\//);
      await board.getByText('simulation').first().waitFor();
      await context.close();
    }, 60_000);

    it('says that users are managed at the provider, where there is one', async () => {
      const { context, page } = await visit(browser);
      // What an api answers that has no built-in issuer.
      const problem = { type: 'about:blank', title: 'Users are elsewhere', status: 409, code: 'users_elsewhere' };
      await page.route('**/admin/users*', (route) =>
        route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
      );
      await page.goto(`${url}/console/users`);
      await signIn(page, deployment.users.admin);
      await page.getByRole('heading', { name: 'Users are managed elsewhere' }).waitFor();
      await context.close();
    }, 60_000);
  });
}
