import { gunzipSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { refuseStaleConsole } from '../../../../test/support/built-console.js';
import { makeApi } from '../start-api.js';
import { accepts } from './console-files.js';

/** Most bytes, compressed by gzip, that a browser loads before the first page shows. */
const firstPageBytes = 300_000;

describe('the console', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    refuseStaleConsole();
    database = await testDatabase();
    app = await makeApi(testConfig(database, { ADMIN_PASSWORD: 'a long password' }));
    await app.getHttpAdapter().getInstance().ready();
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    app.inject({ method, url, headers });
  const assetsOf = (page: string) => [...new Set(page.match(/\/console\/assets\/[^"]+/g))];

  it('answers its own paths with one page, whose policy allows its own scripts and styles with its nonce', async () => {
    const answers = await Promise.all(
      ['/console', '/console/', '/console/tasks', '/console/sign-in'].map((url) => get(url)),
    );
    for (const answer of answers) {
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.headers['cache-control']).toBe('no-store');
      const [, nonce] = /<meta property="csp-nonce" nonce="([\w-]{24})">/.exec(answer.body) ?? [];
      expect(answer.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
      expect(answer.body).not.toMatch(/__CSP_NONCE__|<script(?![^>]* src=)|<style| on\w+=/);
    }
    expect(new Set(answers.map(({ headers }) => headers['content-security-policy'])).size).toBe(answers.length);
  });

  it('lets the page call an OpenID Connect provider, but only one that people sign in at', async () => {
    expect((await get('/console')).headers['content-security-policy']).toContain("connect-src 'self';");
    // Nothing listens there.
    const oidc = { AUTH_LOCAL: false, OIDC_ISSUER: 'http://127.0.0.1:9/tenant', OIDC_AUDIENCE: 'x' };
    const config = testConfig(database, { ...oidc, ADMIN_PASSWORD: 'a long password' });
    for (const [client, expected] of [
      ['', "connect-src 'self';"],
      ['console', "connect-src 'self' http://127.0.0.1:9;"],
    ]) {
      const api = await makeApi({ ...config, OIDC_CONSOLE_CLIENT_ID: client });
      const page = await api.inject('/console');
      await api.close();
      expect([page.statusCode, page.headers['content-security-policy']]).toEqual([
        200,
        expect.stringContaining(expected),
      ]);
    }
  });

  it('shows people a page for what is not there, and tells programs', async () => {
    const page = await get('/console/nothing/here', { accept: 'text/html,*/*;q=0.8' });
    expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    const problem = await get('/console/nothing/here');
    expect([problem.statusCode, problem.json<{ code: string }>().code]).toEqual([404, 'not_found']);
    for (const name of ['nothing.js', '..%2froutes.json', 'index.js.map', 'constructor']) {
      expect([name, (await get(`/console/assets/${name}`)).statusCode]).toEqual([name, 404]);
    }
  });

  it('sends assets as they were compressed by the build, for ever', async () => {
    const [script] = assetsOf((await get('/console')).body).filter((path) => path.endsWith('.js'));
    const plain = await get(script);
    expect([plain.headers['content-encoding'], plain.headers['content-type']]).toEqual([
      undefined,
      'text/javascript; charset=utf-8',
    ]);
    const [br, gzip, none] = await Promise.all(
      ['gzip, deflate, br, zstd', 'gzip', 'br;q=0, deflate'].map((coding) =>
        get(script, { 'accept-encoding': coding }),
      ),
    );
    expect([br, gzip, none].map((answer) => answer.headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
    expect(brotliDecompressSync(br.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(gunzipSync(gzip.rawPayload).equals(plain.rawPayload)).toBe(true);
    for (const answer of [plain, br, gzip]) {
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.vary).toContain('accept-encoding');
    }
    expect(new Set([plain, br, gzip].map((answer) => answer.headers.etag)).size).toBe(3);
    const known = await get(script, { 'accept-encoding': 'br', 'if-none-match': br.headers.etag as string });
    expect([known.statusCode, known.body]).toEqual([304, '']);
  });

  it('answers HEAD without a body, and 405 to other methods', async () => {
    const [asset] = assetsOf((await get('/console')).body);
    for (const url of ['/console', asset]) {
      const head = await get(url, {}, 'HEAD');
      expect([head.statusCode, head.body]).toEqual([200, '']);
      expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
      expect((await get(url, {}, 'POST')).statusCode).toBe(405);
    }
  });

  it('is where browsers are led from the bare address', async () => {
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([browser.statusCode, browser.headers.location, browser.headers.vary]).toEqual([302, '/console', 'accept']);
    expect((await get('/', { accept: '*/*' })).headers.location).toBe('/docs');
  });

  it(`loads less than ${firstPageBytes / 1000} kB before the first page shows`, async () => {
    const paths = assetsOf((await get('/console')).body).filter((path) => /\.(js|css)$/.test(path));
    const bodies = await Promise.all(paths.map(async (path) => (await get(path)).rawPayload));
    // What the list of tasks needs beside them is loaded by name: it counts, too.
    const later = bodies.flatMap((body) => body.toString().match(/assets\/tasks-page-[\w-]+\.(js|css)/g) ?? []);
    const others = await Promise.all(
      [...new Set(later)].map(async (path) => (await get(`/console/${path}`)).rawPayload),
    );
    const total = [...bodies, ...others].reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(paths.length).toBeGreaterThan(1);
    expect(total).toBeLessThan(firstPageBytes);
  });
});

it.each([
  ['gzip, br', 'br', true],
  ['gzip;q=1.0, BR;q=0.5', 'br', true],
  ['br;q=0', 'br', false],
  ['br;q=0.000', 'br', false],
  ['brotli', 'br', false],
  ['', 'br', false],
])('reads Accept-Encoding: %s names %s: %s', (accepted, coding, expected) => {
  expect(accepts(accepted, coding)).toBe(expected);
});
