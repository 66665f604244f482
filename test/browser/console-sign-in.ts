import { signInLink } from '../../apps/cli/src/sign-in-link.js';
import { testConfig } from '@longhaul/persistence/testing';
import { signIn, visit, type Stage } from './console-stage.js';
import { TestProvider } from './oidc-provider.js';

/** All ways into the console, but the form that every other test goes. */
export function describeSignIn(stage: () => Stage): void {
  it('opens by a link once, which the address forgets at once', async () => {
    const { browser, deployment, url } = stage();
    const link = await signInLink(testConfig(deployment.database), url, 'editor');
    const [first, second] = [await visit(browser), await visit(browser)];
    await first.page.goto(link ?? '');
    await first.page.getByRole('heading', { name: 'Tasks' }).waitFor();
    expect(first.page.url()).not.toContain('ticket');
    await first.page.getByRole('button', { name: 'Account of editor' }).waitFor();
    await second.page.goto(link ?? '');
    await second.page.getByText('This link was used before', { exact: false }).waitFor();
    // The form is there to go on with.
    await signIn(second.page, deployment.users.user);
    expect([...first.complaints, ...second.complaints]).toEqual([]);
    await Promise.all([first.context.close(), second.context.close()]);
  }, 60_000);

  describe('with an OpenID Connect provider', () => {
    let provider: TestProvider;
    beforeAll(async () => {
      // The provider reminds of what a real installation would set.
      jest.spyOn(console, 'warn').mockReturnValue(undefined);
      jest.spyOn(console, 'info').mockReturnValue(undefined);
      provider = await new TestProvider().start();
    });
    afterAll(() => provider.stop());

    it('leads there and back by a code with PKCE, and keeps no token', async () => {
      const { browser, deployment } = stage();
      const api = await deployment.startApi(provider.consoleSettings);
      await provider.serve(api.url);
      const { context, page, complaints } = await visit(browser);
      const journeys: URLSearchParams[] = [];
      const exchanges: string[] = [];
      page.on('request', (request) => {
        const { pathname, searchParams } = new URL(request.url());
        if (pathname === '/auth') journeys.push(searchParams);
        if (pathname === '/token' && request.method() === 'POST') exchanges.push(request.url());
      });
      await page.goto(`${api.url}/console/tasks?status=FAILED`);
      await page.getByRole('button', { name: /^Sign in with 127\.0\.0\.1/ }).click();
      await page.locator('input[name=login]').fill('ada');
      await page.locator('input[name=password]').fill('any');
      await page.locator('button[type=submit]').click();
      await page.getByRole('button', { name: 'Account of ada' }).waitFor();
      expect(page.url()).toBe(`${api.url}/console/tasks?status=FAILED`);
      expect(Object.fromEntries(journeys[0])).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
      // The page's policy lets it call another origin than the issuer's for its tokens.
      expect(exchanges).toEqual([provider.tokenEndpoint]);
      expect(new URL(provider.tokenEndpoint).origin).not.toBe(provider.issuer);
      const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
      expect(kept).not.toMatch(/eyJ|token|verifier/i);

      // A reload goes to the provider and back without asking, as it knows who is there.
      await page.reload();
      await page.getByRole('button', { name: 'Account of ada' }).click();
      expect(journeys).toHaveLength(2);
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: /^Sign in with/ }).waitFor();
      // An answer that nobody asked for is refused.
      await page.goto(`${api.url}/console/sign-in?code=stolen&state=other`);
      await page.getByRole('alert').waitFor();
      await page.getByRole('button', { name: /^Sign in with/ }).waitFor();
      expect(complaints).toEqual([]);
      await Promise.all([context.close(), api.kill('SIGTERM')]);
    }, 60_000);

    it('says so when the console is no client of it, in place of a form that cannot work', async () => {
      const { browser, deployment } = stage();
      const api = await deployment.startApi(provider.settings);
      const { context, page, complaints } = await visit(browser);
      await page.goto(`${api.url}/console`);
      await page.getByText('Nobody can sign in here yet', { exact: false }).waitFor();
      expect(await page.getByRole('textbox').count()).toBe(0);
      expect(complaints).toEqual([]);
      await Promise.all([context.close(), api.kill('SIGTERM')]);
    }, 60_000);
  });
}
