import type { Page } from 'playwright-core';
import { visit, type Stage } from './console-stage.js';
import { idOf, Work } from './console-work.js';

/** What has the focus. */
interface Focused {
  readonly tag: string;
  readonly name: string;
  readonly isInDialog: boolean;
  /** Whether people see that it has. */
  readonly isVisible: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate<Focused>(`(() => {
    const { activeElement: element } = document;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const label = element.labels?.[0]?.textContent ?? '';
    return {
      tag: element.tagName,
      name: (element.getAttribute('aria-label') ?? (label || element.textContent)).trim(),
      isInDialog: element.closest('[role=dialog]') !== null,
      // Fields have a border of another colour.
      isVisible: element.matches('input, textarea, h1') || (outlineStyle !== 'none' && outlineWidth !== '0px'),
    };
  })()`);
}

/** Goes on by the tab key until it gets to something; every stop on the way can be seen. */
async function tabTo(page: Page, name: RegExp): Promise<Focused> {
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    expect(at).toMatchObject({ isVisible: true });
    if (name.test(at.name)) return at;
  }
  throw new Error(`The tab key does not lead to ${String(name)}.`);
}

/** Everything without a mouse. */
export function describeKeyboard(stage: () => Stage): void {
  const work = new Work(stage);

  it('leads from the sign-in to a task that was submitted and cancelled', async () => {
    const { admin } = work.deployment.users;
    const { context, page, complaints } = await visit(stage().browser);
    const at = async (title: string) => {
      await page.getByRole('heading', { level: 1, name: title, exact: true }).and(page.locator(':focus')).waitFor();
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    };
    await page.goto(`${work.url}/console/`);
    await page.getByLabel('User name').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(admin.username);
    await tabTo(page, /^Password$/);
    await page.keyboard.type(admin.password);
    await page.keyboard.press('Enter');
    await at('Tasks');
    await tabTo(page, /^Submit a task$/);
    await page.keyboard.press('Enter');
    await at('Submit a task');
    expect(await page.title()).toBe('Submit a task · Longhaul');
    await tabTo(page, /^Kind$/);
    await page.keyboard.press('Enter');
    const option = page.getByRole('option', { name: 'Simulation', exact: true });
    await option.waitFor();
    while ((await option.getAttribute('data-combobox-selected')) === null) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Duration').waitFor();
    await tabTo(page, /^Duration/);
    await page.keyboard.type('60');
    await page.keyboard.press('Enter');
    await at('Simulation');

    await tabTo(page, /^Cancel$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Cancel tasks' }).waitFor();
    await page.locator('[role=dialog] :focus').waitFor();
    // The focus goes round in the dialog.
    for (let steps = 0; steps < 5; steps += 1) {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toMatchObject({ isInDialog: true, isVisible: true });
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel', exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await tabTo(page, /^Cancel the task$/);
    await page.keyboard.press('Enter');
    await page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor();
    // The button is gone; the focus is where reading goes on.
    await at('Simulation');
    expect(await work.ended(idOf(page))).toBe('CANCELLED');
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('finds one heading and one title on every page', async () => {
    const { context, page } = await work.opened(work.deployment.users.admin, '/tasks/nothing-of-the-kind');
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    for (const name of await links.allInnerTexts()) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      const heading = page.getByRole('heading', { level: 1, name });
      await heading.and(page.locator(':focus')).waitFor();
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await page.title()).toBe(`${name} · Longhaul`);
    }
    await page.goto(`${work.url}/console/tasks/01900000-0000-7000-8000-000000000000`);
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({ name: 'Skip to the content', isVisible: true });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({ name: 'Go to the tasks', isVisible: true });
    await context.close();
  }, 60_000);
}
