import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { SignInLinks, UsersService } from '@longhaul/auth';
import { makeUser, type TestUser } from '@longhaul/auth/testing';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

let database: TestDatabase;
let config: Config;
let app: NestFastifyApplication;
let user: TestUser;

beforeAll(async () => {
  database = await testDatabase();
  const limits = { RATE_LIMIT_LOGIN: 1_000, TRACE_URL_TEMPLATE: 'https://traces.example.org/{trace_id}' };
  config = testConfig(database, {
    ADMIN_PASSWORD: 'a long password',
    PUBLIC_URL: 'https://console.example.org',
    ...limits,
  });
  app = await makeApi(config);
  user = await makeUser(app.get(DataSource), { username: 'ada', roles: ['editor'] });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

type Headers = Record<string, string>;

async function ask(method: 'POST' | 'DELETE', path: string, payload?: object, headers: Headers = {}) {
  const answer = await app.inject({ method, url: `/console/session${path}`, headers, ...(payload && { payload }) });
  const cookie = [answer.headers['set-cookie']].flat()[0];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  const json = answer.body === '' ? undefined : answer.json<any>();
  return { status: answer.statusCode, json, cookie, cacheControl: answer.headers['cache-control'] };
}

const signIn = (headers: Headers = {}, name = 'ada', password = user.password) =>
  ask('POST', '', { username: name, password }, headers);
const withCookie = (cookie = ''): Headers => ({ cookie: `other=1; ${cookie.split(';', 1)[0]}` });
const refresh = (cookie: string | undefined) => ask('POST', '/refresh', undefined, withCookie(cookie));
const me = async (token: string) =>
  (await app.inject({ url: '/auth/me', headers: { authorization: `Bearer ${token}` } })).statusCode;
const ticketFor = async ({ id }: { id: string }) => (await app.get(SignInLinks, { strict: false }).issue(id)) ?? '';

it('opens a session whose refresh token only this path gets, and no script', async () => {
  const { status, json, cookie, cacheControl } = await signIn({}, 'ADA');
  expect({ status, cacheControl }).toEqual({ status: 200, cacheControl: 'no-store' });
  expect(json).toEqual({
    access_token: expect.any(String),
    expires_in: 900,
    user: { id: user.id, username: 'ada', roles: ['editor'] },
  });
  expect(cookie).toMatch(
    /^longhaul_session=[\w-]{43}; Path=\/console\/session; Max-Age=1209600; HttpOnly; SameSite=Strict; Secure$/,
  );
  expect(await me(json.access_token as string)).toBe(200);
});

it('refreshes it with the next cookie each time; the reuse of an old one ends it', async () => {
  const first = await signIn();
  const second = await refresh(first.cookie);
  expect(second).toMatchObject({ status: 200, json: { user: { id: user.id } } });
  expect(second.cookie).not.toBe(first.cookie);
  const third = await refresh(second.cookie);
  expect(await refresh(first.cookie)).toMatchObject({ status: 401, json: { code: 'invalid_grant' } });
  expect((await refresh(third.cookie)).status).toBe(401);
});

it.each([undefined, 'longhaul_session=', 'longhaul_session=nobody-knows-it', 'longhaul_session=a b'])(
  'has nothing to refresh by the cookie %s',
  async (cookie) => expect(await refresh(cookie)).toMatchObject({ status: 401, json: { code: 'invalid_grant' } }),
);

it('closes it: the cookie is taken back, and neither it nor its followers are good any more', async () => {
  const { cookie } = await signIn();
  const closed = await ask('DELETE', '', undefined, withCookie(cookie));
  expect(closed.status).toBe(204);
  expect(closed.cookie).toMatch(/^longhaul_session=; Path=\/console\/session; Max-Age=0;/);
  expect((await refresh(cookie)).status).toBe(401);
  expect((await ask('DELETE', '')).status).toBe(204);
});

it.each([
  ['a wrong password', { username: 'ada', password: 'wrong password' }, 401],
  ['nobody', { username: 'nobody', password: 'wrong password' }, 401],
  ['no password', { username: 'ada' }, 422],
  ['more than it takes', { username: 'ada', password: 'x', admin: true }, 422],
])('is not opened by %s', async (_what, body, status) => {
  const answer = await ask('POST', '', body);
  expect(answer).toMatchObject({ status, cookie: undefined });
});

describe('a link', () => {
  it('signs in once', async () => {
    const ticket = await ticketFor(user);
    const opened = await ask('POST', '/link', { ticket });
    expect(opened).toMatchObject({ status: 200, json: { user: { username: 'ada' } } });
    expect((await refresh(opened.cookie)).status).toBe(200);
    expect(await ask('POST', '/link', { ticket })).toMatchObject({ status: 401, json: { code: 'invalid_grant' } });
  });

  it('of many at the same moment lets one in', async () => {
    const ticket = await ticketFor(user);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/link', { ticket })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('ends after ten minutes, and with any change of its user', async () => {
    const late = await ticketFor(user);
    await app
      .get(DataSource)
      .query(`UPDATE sign_in_links SET expires_at = expires_at - interval '10 minutes' WHERE user_id = $1`, [user.id]);
    expect((await ask('POST', '/link', { ticket: late })).status).toBe(401);
    const other = await makeUser(app.get(DataSource));
    const changed = await ticketFor(other);
    await app.get(UsersService).setRoles(other.username, ['editor']);
    expect((await ask('POST', '/link', { ticket: changed })).status).toBe(401);
    const disabled = await ticketFor(other);
    await app.get(UsersService).disable(other.username);
    expect((await ask('POST', '/link', { ticket: disabled })).status).toBe(401);
    expect(await app.get(SignInLinks, { strict: false }).issue(other.id)).toBeUndefined();
  });
});

describe('what another page sends', () => {
  const own = 'https://console.example.org';
  it.each<[string, Headers]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sister of the site', { 'sec-fetch-site': 'same-site' }],
    ['a link', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that hides', { origin: 'null' }],
    ['another port', { origin: `${own}:8443` }],
    ['a subdomain', { origin: 'https://a.console.example.org' }],
    ['another scheme', { origin: 'ftp://localhost' }],
    ['our origin, of another site', { origin: own, 'sec-fetch-site': 'cross-site' }],
  ])('from %s is refused', async (_what, headers) => {
    const { cookie } = await signIn();
    for (const [method, path] of [
      ['POST', ''],
      ['POST', '/link'],
      ['POST', '/refresh'],
      ['DELETE', ''],
    ] as const) {
      const body = path === '' && method === 'POST' ? { username: 'ada', password: user.password } : undefined;
      const ticket = path === '/link' ? { ticket: 'x' } : undefined;
      const answer = await ask(method, path, body ?? ticket, { ...headers, ...withCookie(cookie) });
      expect(answer).toMatchObject({ status: 403, json: { code: 'forbidden' }, cookie: undefined });
    }
    // Nothing was done: the session goes on.
    expect((await refresh(cookie)).status).toBe(200);
  });

  it.each<[string, Headers]>([
    ['the public address', { origin: own, 'sec-fetch-site': 'same-origin' }],
    ['the address that was asked', { origin: 'http://127.0.0.1:8001', host: '127.0.0.1:8001' }],
  ])('from %s is taken', async (_what, headers) => expect((await signIn(headers)).status).toBe(200));

  it('as a form is refused', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await app.inject({ method: 'POST', url: '/console/session', headers, payload: 'username=ada' });
    expect(answer.statusCode).toBe(415);
  });
});

describe('what the console is told before a sign-in', () => {
  it('is how to sign in, and where traces are', async () => {
    const answer = await app.inject('/console/config');
    expect(answer.json()).toEqual({
      issuer: 'local',
      trace_url_template: 'https://traces.example.org/{trace_id}',
      queue_board: true,
      owners_may_cancel: false,
    });
  });

  it('with a provider is its client, and there is no session', async () => {
    const oidc = {
      AUTH_LOCAL: false,
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_AUDIENCE: 'x',
      OIDC_CONSOLE_CLIENT_ID: 'console',
      CANCEL_POLICY: 'owner' as const,
    };
    const api = await makeApi({ ...config, ...oidc, QUEUE_BOARD: 'off', TRACE_URL_TEMPLATE: '' });
    const { issuer, ...rest } = (await api.inject('/console/config')).json();
    expect({ issuer, ...rest }).toEqual({
      issuer: 'oidc',
      oidc: { authority: 'http://127.0.0.1:9', client_id: 'console', scope: 'openid profile' },
      trace_url_template: null,
      queue_board: false,
      owners_may_cancel: true,
    });
    expect((await api.inject({ method: 'POST', url: '/console/session', payload: {} })).statusCode).toBe(404);
    await api.close();
  });
});
