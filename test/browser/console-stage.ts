import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { refuseStaleConsole } from '../support/built-console.js';
import { startDeployment, type Deployment, type DeploymentOptions } from '../support/deployment.js';

/** The browser on this machine; undefined where there is none. */
export const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** `describe` where there is a browser, else a loud skip. */
export const describeInBrowser = program === undefined ? skipLoudly() : describe;

/** Where the pictures are, for people. */
export const pictures = join(tmpdir(), 'longhaul-console');
const axe = readFileSync(createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly scheme: 'light' | 'dark';
  /** Pixels. */
  readonly width: number;
}

/** Both themes, both widths; a look takes half a minute, so only `LOOKS=all` has all four. */
export const looks: readonly Look[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 390 },
  ...(process.env.LOOKS === 'all'
    ? ([
        { scheme: 'light', width: 390 },
        { scheme: 'dark', width: 1280 },
      ] as const)
    : []),
];

/** What the parts of one spec share. */
export interface Stage {
  readonly browser: Browser;
  readonly deployment: Deployment;
  /** Of the api. */
  readonly url: string;
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: errors, and what its policy refused. */
  readonly complaints: readonly string[];
}

function skipLoudly() {
  process.stderr.write('SKIPPED: no Chromium on this machine, so the console was not opened in a browser.\n');
  return describe.skip;
}

/** Starts the browser. @throws Error when the console is not built as its sources are. */
export async function launch(): Promise<Browser> {
  refuseStaleConsole();
  mkdirSync(pictures, { recursive: true });
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}

/** A deployment and a browser for the tests around this call, which end with them. @param take gets them before the tests. */
export function setStage(options: DeploymentOptions, take: (stage: Stage) => void | Promise<void>): void {
  let deployment: Deployment | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const [made, launched] = await Promise.all([startDeployment(options), launch()]);
    [deployment, browser] = [made, launched];
    await take({ browser: launched, deployment: made, url: made.apis[0].url });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
  });
}

/** A browser of its own: no cookies, no preferences. */
export async function visit(
  browser: Browser,
  { scheme, width }: Look = { scheme: 'light', width: 1280 },
): Promise<Visit> {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 844 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The browser itself says which answers are no success; the tests look at what is made of them.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, complaints };
}

/** Signs in by the form, wherever the page is. */
export async function signIn(
  page: Page,
  user: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('User name').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).first().waitFor({ state: 'attached' });
}

/** Takes a picture, and has axe look at the page. @returns what is wrong. */
export async function inspect(page: Page, name: string, { scheme, width }: Look): Promise<unknown[]> {
  // Nothing may still be on its way from one look to another.
  await page.evaluate(
    'Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished))',
  );
  await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`) });
  const { scrollWidth, clientWidth } = await page.evaluate<{ scrollWidth: number; clientWidth: number }>(
    '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
  );
  // The browser's own tools are not bound by the page's policy.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()');
  return [
    ...(scrollWidth > clientWidth ? [[name, 'wider than the window', scrollWidth]] : []),
    ...violations.map(({ id, nodes }) => [name, id, nodes.map(({ html }) => html.slice(0, 300))]),
  ];
}
