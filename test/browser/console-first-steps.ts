import type { Browser } from 'playwright-core';
import { call, type Deployment } from '../support/deployment.js';
import { describeSignIn } from './console-sign-in.js';
import { inspect, looks, setStage, signIn, visit } from './console-stage.js';

/** What a page that was scraped may be called. */
const hostile = '<img src=x onerror="document.title=`broken`"><script>document.title="broken"</script>';

/** Looks, a task from the form to its end, sessions, and an api that goes away. */
export function describeFirstSteps(): void {
  describe('first steps', () => {
    let deployment: Deployment;
    let browser: Browser;
    let url: string;

    setStage({ backend: 'postgres', apis: 1, workers: 1 }, (stage) => void ({ deployment, browser, url } = stage));

    const submit = async (token: string, body: object): Promise<string> => {
      const { status, json } = await call(url, 'POST', '/tasks', { token, body });
      expect(status).toBe(202);
      return (json as { task_id: string }).task_id;
    };
    const ended = async (token: string, id: string) => {
      for (;;) {
        const { json } = await call(url, 'GET', `/tasks/${id}`, { token, headers: { prefer: 'wait=10' } });
        const { status } = json as { status: string };
        if (['SUCCESS', 'FAILED', 'CANCELLED'].includes(status)) return status;
      }
    };
    const simulation = (duration: number, more: object = {}) => ({
      task_type: 'simulation',
      duration,
      steps: Math.max(1, duration * 4),
      ...more,
    });

    it.each(looks)(
      'looks right and can be used by everybody: $scheme, $width px',
      async (look) => {
        const { admin } = deployment.users;
        const [done, failed] = await Promise.all([
          submit(admin.token, simulation(0, { metadata: { title: hostile } })),
          submit(admin.token, simulation(0, { fail_probability: 1, max_attempts: 2 })),
        ]);
        await Promise.all([ended(admin.token, done), ended(admin.token, failed)]);
        const running = await submit(admin.token, simulation(60));
        const { context, page, complaints } = await visit(browser, look);
        const wrong: unknown[] = [];
        const seen = async (name: string) => wrong.push(...(await inspect(page, name, look)));
        await page.goto(`${url}/console`);
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        await seen('sign-in');
        await signIn(page, admin);
        await page.getByRole('table').waitFor();
        await page.getByText('Live', { exact: true }).waitFor();
        await seen('tasks');
        await page.goto(`${url}/console/tasks?q=xylophone`);
        await page.getByRole('heading', { name: 'No task fits' }).waitFor();
        await seen('nothing-fits');
        for (const [name, id, tab] of [
          ['running', running, 'logs'],
          ['failed', failed, 'events'],
          ['succeeded', done, 'result'],
          ['input', done, 'input'],
        ]) {
          await page.goto(`${url}/console/tasks/${id}?tab=${tab}`);
          await page.getByRole('tabpanel').waitFor();
          await page.getByRole('heading', { name: 'Timeline' }).waitFor();
          await seen(`task-${name}`);
        }
        await page.goto(`${url}/console/tasks/new?type=content_generation`);
        await page.getByRole('button', { name: 'Fill in the example' }).click();
        await seen('new-task');
        await page.goto(`${url}/console/nowhere`);
        await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
        await seen('not-found');
        expect(wrong).toEqual([]);
        expect(complaints).toEqual([]);
        await call(url, 'DELETE', `/tasks/${running}`, { token: admin.token });
        await context.close();
      },
      120_000,
    );

    it('runs a task from the form to its end, which another browser sees, too', async () => {
      const { user, admin } = deployment.users;
      const [own, other] = [await visit(browser), await visit(browser)];
      await Promise.all([own.page.goto(`${url}/console/tasks/new?type=simulation`), other.page.goto(`${url}/console`)]);
      await Promise.all([signIn(own.page, user), signIn(other.page, admin)]);
      await own.page.getByLabel('Duration').fill('3601');
      await own.page.getByRole('button', { name: 'Submit', exact: true }).click();
      await own.page.getByText('At most 3600.').waitFor();
      expect(await own.page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
      await own.page.getByLabel('Duration').fill('30');
      await own.page.getByRole('button', { name: 'Submit', exact: true }).click();
      await own.page.getByRole('heading', { level: 1, name: 'Simulation' }).waitFor();
      const id = new URL(own.page.url()).pathname.split('/').at(-1)!;
      await own.page.getByRole('progressbar').waitFor();

      await other.page
        .getByRole('row')
        .filter({ hasText: id.slice(-12) })
        .getByRole('link')
        .click();
      await other.page.getByRole('button', { name: 'Cancel' }).click();
      await other.page.getByRole('button', { name: 'Cancel the task' }).click();
      for (const { page } of [own, other]) {
        await page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor();
      }
      expect(await own.page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
      expect([...own.complaints, ...other.complaints]).toEqual([]);
      await Promise.all([own.context.close(), other.context.close()]);
    }, 60_000);

    it('keeps one connection for 200 live tasks, and goes on when the api was restarted', async () => {
      const { other } = deployment.users;
      const { context, page, complaints } = await visit(browser);
      const streams: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/stream')) streams.push(new URL(request.url()).pathname);
      });
      await page.goto(`${url}/console/tasks`);
      await signIn(page, other);
      await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      const items = Array.from({ length: 200 }, (_, number) => simulation(0, { metadata: { number, title: hostile } }));
      await call(url, 'POST', '/tasks/batch', { token: other.token, body: items });
      await page.getByRole('table').and(page.locator('[aria-rowcount="201"]')).waitFor();
      await page.locator('[role=row] [data-status]:not([data-status=SUCCESS])').first().waitFor({ state: 'detached' });
      expect(streams).toEqual(['/tasks/stream']);
      expect(await page.title()).toBe('Tasks · Longhaul');

      const port = new URL(url).port;
      await deployment.apis[0].kill('SIGTERM');
      await page.getByText(/Reconnecting|Polling/, { exact: true }).waitFor();
      await page.getByText('The server does not answer.', { exact: false }).waitFor();
      await deployment.startApi({ PORT: port });
      await page.getByText('Live', { exact: true }).waitFor();
      await submit(other.token, simulation(0));
      await page.locator('[aria-rowcount="202"]').waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    }, 90_000);

    it('goes on after a reload, and is signed out in all tabs at once', async () => {
      const { context, page } = await visit(browser);
      await page.goto(`${url}/console/tasks?status=FAILED`);
      await signIn(page, deployment.users.user);
      expect(new URL(page.url()).search).toBe('?status=FAILED');
      await page.reload();
      await page.getByRole('heading', { name: 'Tasks' }).waitFor();
      const tab = await context.newPage();
      await tab.goto(`${url}/console/tasks`);
      await tab.getByRole('button', { name: /^Account of/ }).click();
      await tab.getByRole('menuitem', { name: 'Sign out' }).click();
      for (const each of [tab, page]) await each.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')).not.toMatch(
        /eyJ|token/i,
      );
      await context.close();
    }, 60_000);

    describeSignIn(() => ({ browser, deployment, url }));
  });
}
