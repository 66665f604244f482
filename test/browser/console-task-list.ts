import type { Page, Request } from 'playwright-core';
import { v7 as uuidV7 } from 'uuid';
import { HeldSite } from './held-site.js';
import type { Stage } from './console-stage.js';
import { failing, later, rowOf, Work } from './console-work.js';

const rows = 10_000;

/** What the page itself counts while somebody scrolls. */
const counting = `(() => {
  window.seen = { mostRows: 0, mostNodes: 0, longTasks: [] };
  new PerformanceObserver((list) => window.seen.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
  const look = () => {
    seen.mostRows = Math.max(seen.mostRows, document.querySelectorAll('[role=row]').length);
    seen.mostNodes = Math.max(seen.mostNodes, document.querySelectorAll('*').length);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  look();
})()`;
interface Seen {
  readonly mostRows: number;
  readonly mostNodes: number;
  readonly longTasks: readonly number[];
}

/** Reads of the list, but those of its counts and its stream. */
function listReads(page: Page): string[] {
  const reads: string[] = [];
  page.on('request', (request: Request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === '/tasks') reads.push(search);
  });
  return reads;
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByLabel(field, { exact: true }).first().click();
  await page.getByRole('option', { name: option }).click();
}

/** The list of tasks: much at once, filters, and very many rows. */
export function describeTaskList(stage: () => Stage): void {
  const work = new Work(stage);
  let site: HeldSite;
  beforeAll(async () => {
    site = await HeldSite.start();
  });
  afterAll(() => site.stop());

  it('cancels more tasks at once than a call takes, and says what became of each', async () => {
    const { admin } = work.deployment.users;
    const q = 'many-at-once';
    const waiting = await work.submitMany(
      admin,
      Array.from({ length: 128 }, () => later({ metadata: { q } })),
    );
    const short = await work.submitMany(
      admin,
      ['/a', '/b'].map((path) => ({ task_type: 'web_scrape', url: site.url(`/held${path}`), metadata: { q } })),
    );
    const { context, page, complaints } = await work.opened(admin, `/tasks?q=${q}`);
    // The tasks that run end while the call is on its way.
    const pieces: number[] = [];
    await page.route('**/tasks/bulk', async (route) => {
      pieces.push((route.request().postDataJSON() as { task_ids: string[] }).task_ids.length);
      site.release();
      await Promise.all(short.map((id) => work.ended(id)));
      await route.continue();
    });
    await rowOf(page, short[1]).waitFor();
    await page.mouse.move(600, 600);
    while ((await page.getByRole('table').getAttribute('aria-rowcount')) === '-1') await page.mouse.wheel(0, 2_000);
    await page.locator('[aria-rowcount="131"]').waitFor();
    await page.keyboard.press('Home');
    await rowOf(page, short[1]).waitFor();

    // Two by the keyboard: from one box over the link to the next.
    await rowOf(page, short[1]).getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Selected tasks' }).getByText('2 selected').waitFor();
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('130 selected').waitFor();
    await page.getByRole('button', { name: 'Cancel 130' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 130' }).click();
    await page.getByText('Done: 128. Refused: 2.').waitFor();
    expect(pieces).toEqual([100, 30]);
    const results = page.getByRole('region', { name: 'What became of each' }).getByRole('row');
    expect(await results.count()).toBe(131);
    for (const id of short)
      await results
        .filter({ hasText: id.slice(-12) })
        .getByText(/ended/i)
        .waitFor();
    await results
      .filter({ hasText: waiting[0].slice(-12) })
      .getByText('Done')
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('region', { name: 'Selected tasks' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Cancelled\s*128/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('retries failed tasks at once', async () => {
    const { admin } = work.deployment.users;
    const q = 'failed-at-once';
    const ids = await work.submitMany(admin, [failing({ metadata: { q } }), failing({ metadata: { q } })]);
    await Promise.all(ids.map((id) => work.ended(id)));
    const { context, page, complaints } = await work.opened(admin, `/tasks?q=${q}&status=FAILED`);
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check();
    expect(await page.getByRole('button', { name: 'Cancel 0' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Retry 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry 2' }).click();
    await page.getByText('Done: 2.', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await rowOf(page, ids[0]).getByRole('link').click();
    await page.getByText('New round').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('has its filters in the address, for the way back and for other browsers', async () => {
    const { admin, user } = work.deployment.users;
    const q = 'aardvark';
    const of = (name: string) => ({ metadata: { [q]: name } });
    const [first, second] = await work.submitMany(user, [later(of('first')), later(of('second'))]);
    const own = await work.submit(admin, later(of('own')));
    const { context, page, complaints } = await work.opened(admin, '/tasks');
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.pressSequentially('aard');
    await page.waitForURL(/\?q=aard$/);
    // Whoever goes on typing is still in the field.
    await page.keyboard.type('vark');
    await page.waitForURL(/\?q=aardvark$/);
    await page.locator('[aria-rowcount="4"]').waitFor();
    await choose(page, 'Owner', 'Only mine');
    await page.locator('[aria-rowcount="2"]').waitFor();
    await rowOf(page, own).waitFor();
    const mine = page.url();
    expect(new URL(mine).searchParams.get('owner')).toBe(admin.id);
    await page.getByRole('link', { name: /^Failed/ }).click();
    await page.getByRole('heading', { name: 'No task fits' }).waitFor();
    await page.goBack();
    await rowOf(page, own).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Simulation' }).waitFor();
    await page.goBack();
    await rowOf(page, own).waitFor();
    expect(page.url()).toBe(mine);
    await page.goBack();
    await page.locator('[aria-rowcount="4"]').waitFor();
    expect(await search.inputValue()).toBe(q);

    // A piece of an id, then a kind that does not fit it.
    await search.fill(second.slice(-12));
    await page.locator('[aria-rowcount="2"]').waitFor();
    await rowOf(page, second).waitFor();
    await choose(page, 'Kind', 'Web scrape');
    await page.getByRole('heading', { name: 'No task fits' }).waitFor();
    await page.getByRole('link', { name: 'Clear all filters' }).click();
    await page.waitForURL(/\/tasks$/);
    expect(await search.inputValue()).toBe('');
    await page.getByLabel('Owner', { exact: true }).first().fill('use');
    await page.getByRole('option', { name: user.username, exact: true }).click();
    await page.waitForURL(new RegExp(`owner=${user.id}`));
    await rowOf(page, first).getByText(user.username, { exact: true }).waitFor();

    const other = await work.opened(admin, new URL(mine).pathname.replace('/console', '') + new URL(mine).search);
    await other.page.locator('[aria-rowcount="2"]').waitFor();
    await rowOf(other.page, own).waitFor();
    expect(await other.page.getByLabel('Owner', { exact: true }).first().inputValue()).toBe('Only mine');
    const theirs = await work.opened(user, new URL(mine).pathname.replace('/console', '') + new URL(mine).search);
    // Whose tasks is a question for admins; others see their own.
    await theirs.page.locator('[aria-rowcount="3"]').waitFor();
    await rowOf(theirs.page, first).waitFor();
    expect(await theirs.page.getByRole('checkbox').count()).toBe(0);
    expect([...complaints, ...other.complaints, ...theirs.complaints]).toEqual([]);
    await Promise.all([context.close(), other.context.close(), theirs.context.close()]);
  }, 60_000);

  it(`is scrolled through ${rows} tasks, of which only those in sight are in the page`, async () => {
    const { other } = work.deployment.users;
    const from = Date.now() - 3_600_000;
    const times = Array.from({ length: rows }, (_, number) => from + number);
    await work.deployment.sql(
      `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, created_at, run_at,
                         started_at, finished_at)
       SELECT id, 'simulation', 'SUCCESS', $3, '{}', 60, 1, 1, at, at, at, at + interval '4 s'
       FROM unnest($1::uuid[], $2::float8[]) AS new(id, ms), LATERAL (SELECT to_timestamp(ms / 1000) AS at) time`,
      [times.map((msecs) => uuidV7({ msecs })), times, other.id],
    );
    const { context, page, complaints } = await work.opened(other, '/tasks');
    await page.setViewportSize({ width: 900, height: 500 });
    await page.locator('[aria-rowindex="2"]').waitFor();
    const reads = listReads(page);
    await page.evaluate(counting);
    await page.mouse.move(600, 300);
    const last = page.locator(`[aria-rowindex="${rows + 1}"]`);
    while ((await last.count()) === 0) await page.mouse.wheel(0, 6_000);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(rows + 1));
    // Beside them, the list looks at the newest once the stream is open.
    const pages = reads.filter((query) => query.includes('cursor='));
    expect(pages).toHaveLength(rows / 100 - 1);
    expect(new Set(pages).size).toBe(pages.length);
    const seen = await page.evaluate<Seen>('window.seen');
    process.stdout.write(
      `${rows} rows: at most ${seen.mostRows} in the page of ${seen.mostNodes} elements; ${seen.longTasks.length} long tasks, the longest ${Math.round(Math.max(0, ...seen.longTasks))} ms.\n`,
    );
    expect(seen.mostRows).toBeLessThan(100);
    expect(seen.mostNodes).toBeLessThan(3_000);
    await page.keyboard.press('Home');
    await page.locator('[aria-rowindex="2"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);
}
