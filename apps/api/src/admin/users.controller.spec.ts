import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { makeUser, tokenFor, type TestUser } from '@longhaul/auth/testing';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

let database: TestDatabase;
let config: Config;
let app: NestFastifyApplication;
let owner: Client;
/** The admin of the tests; there is another one while a test needs it. */
let admin: TestUser;

beforeAll(async () => {
  database = await testDatabase();
  config = testConfig(database, { ADMIN_PASSWORD: 'a long password', RATE_LIMIT_LOGIN: 1_000 });
  app = await makeApi(config);
  // The apps themselves cannot remove what admins did.
  owner = new Client({ connectionString: database.adminUrl });
  await owner.connect();
});
beforeEach(async () => {
  await owner.query('TRUNCATE admin_actions; TRUNCATE users CASCADE');
  admin = await makeUser(app.get(DataSource), { username: 'grace', roles: ['admin'] });
});
afterAll(async () => {
  await owner.end();
  await app.close();
  await database.drop();
});

async function ask(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, as: { id: string } | null = admin) {
  const token = as === null ? '' : await tokenFor(app.get(DataSource), config, as);
  const headers = as === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ method, url: `/admin${url}`, headers, ...(payload && { payload }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  return { status: answer.statusCode, json: answer.json<any>(), link: answer.headers.link as string | undefined };
}

const signIn = async (username: string, password: string) =>
  (await app.inject({ method: 'POST', url: '/auth/token', payload: { username, password } })).statusCode;
const actions = async () => (await ask('GET', '/actions')).json as { action: string; subject: string }[];

it('names users for editors, and nobody for whom there is no name', async () => {
  const ada = await makeUser(app.get(DataSource), { username: 'ada', roles: ['editor'] });
  const { id } = await makeUser(app.get(DataSource), { username: 'bob', roles: ['user'] });
  const names = async (ids: string, as = ada) => {
    const token = await tokenFor(app.get(DataSource), config, as);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await app.inject({ url: `/users/names?ids=${ids}`, headers });
    return [answer.statusCode, answer.json<object>()];
  };
  const [status, found] = await names(`${id},${admin.id},${uuidV7()},auth0|7`);
  expect(status).toBe(200);
  expect(found).toEqual(
    expect.arrayContaining([
      { id, username: 'bob' },
      { id: admin.id, username: 'grace' },
    ]),
  );
  expect(found).toHaveLength(2);
  const many = Array.from({ length: 101 }, () => 'x').join(',');
  for (const bad of ['', many]) expect((await names(bad))[0]).toBe(400);
  expect((await names(id, { ...ada, id }))[0]).toBe(403);
});

it('makes a user with a password that is shown once and signs in', async () => {
  const { status, json } = await ask('POST', '/users', { username: 'Ada.L', roles: ['editor', 'user'] });
  expect(status).toBe(201);
  expect(json).toEqual({
    ...{ id: expect.any(String), username: 'ada.l', roles: ['user', 'editor'], disabled: false, disabled_at: null },
    ...{ created_at: expect.stringMatching(/Z$/), password: expect.stringMatching(/^[\w-]{32}$/) },
  });
  expect(await signIn('ada.l', json.password as string)).toBe(200);
  expect(await ask('POST', '/users', { username: 'ADA.L', roles: ['user'] })).toMatchObject({
    status: 409,
    json: { code: 'user_exists' },
  });
  const list = (await ask('GET', '/users?q=DA.')).json as object[];
  expect(list).toEqual([{ ...json, password: undefined }].map(({ password: _, ...user }) => user));
});

it('lists users by name, page by page', async () => {
  for (const username of ['b', 'a', 'c', 'd_1']) await makeUser(app.get(DataSource), { username });
  const names: string[][] = [];
  for (let url: string | undefined = '/users?limit=2'; url !== undefined;) {
    const { json, link } = await ask('GET', url);
    names.push((json as { username: string }[]).map(({ username }) => username));
    url = link === undefined ? undefined : /^<\/admin([^>]+)>; rel="next"$/.exec(link)?.[1];
  }
  expect(names).toEqual([['a', 'b'], ['c', 'd_1'], ['grace']]);
  expect((await ask('GET', '/users?q=_')).json).toHaveLength(1);
  for (const cursor of ['x', Buffer.from('action:1').toString('base64url')])
    expect(await ask('GET', `/users?cursor=${cursor}`)).toMatchObject({
      status: 400,
      json: { code: 'invalid_cursor' },
    });
});

it('changes roles and state; tokens of before are refused at once', async () => {
  const user = await makeUser(app.get(DataSource), { username: 'ada' });
  const token = await tokenFor(app.get(DataSource), config, user);
  const me = async () =>
    (await app.inject({ url: '/auth/me', headers: { authorization: `Bearer ${token}` } })).statusCode;
  // What is so already changes nothing.
  for (const change of [{}, { roles: ['user'], disabled: false }])
    expect((await ask('PATCH', `/users/${user.id}`, change)).status).toBe(200);
  expect(await me()).toBe(200);
  expect(await ask('PATCH', `/users/${user.id}`, { roles: ['editor'] })).toMatchObject({
    ...{ status: 200, json: { roles: ['editor'], disabled: false } },
  });
  expect(await me()).toBe(401);
  expect((await ask('PATCH', `/users/${user.id.toUpperCase()}`, { disabled: true })).json).toMatchObject({
    ...{ roles: ['editor'], disabled: true, disabled_at: expect.stringMatching(/Z$/) },
  });
  expect(await signIn('ada', user.password)).toBe(401);
  await ask('PATCH', `/users/${user.id}`, { disabled: false });
  expect(await signIn('ada', user.password)).toBe(200);
});

it('gives a new password, shown once, and ends all sessions', async () => {
  const user = await makeUser(app.get(DataSource), { username: 'ada' });
  const session = await app.inject({
    ...{ method: 'POST', url: '/console/session' },
    payload: { username: 'ada', password: user.password },
  });
  const [cookie] = String(session.headers['set-cookie']).split(';', 1);
  const { status, json } = await ask('POST', `/users/${user.id}/password`);
  expect(status).toBe(200);
  expect(await signIn('ada', user.password)).toBe(401);
  expect(await signIn('ada', json.password as string)).toBe(200);
  const refresh = await app.inject({ method: 'POST', url: '/console/session/refresh', headers: { cookie } });
  expect(refresh.statusCode).toBe(401);
});

describe('the last enabled admin', () => {
  it.each([{ roles: ['editor'] }, { disabled: true }, { roles: ['user'], disabled: true }])(
    'is not changed by %j, and is while there is another one',
    async (change) => {
      expect(await ask('PATCH', `/users/${admin.id}`, change)).toMatchObject({
        status: 409,
        json: { code: 'last_admin' },
      });
      await makeUser(app.get(DataSource), { username: 'other', roles: ['admin'] });
      expect((await ask('PATCH', `/users/${admin.id}`, change)).status).toBe(200);
    },
  );

  it('may get other roles besides', async () => {
    expect((await ask('PATCH', `/users/${admin.id}`, { roles: ['admin', 'editor'] })).status).toBe(200);
  });

  it('is left when all of them are disabled at the same moment', async () => {
    const others = await Promise.all([1, 2, 3].map(() => makeUser(app.get(DataSource), { roles: ['admin'] })));
    const all = [admin, ...others];
    const token = await tokenFor(app.get(DataSource), config, admin);
    const answers = await Promise.all(
      all.map(({ id }) =>
        app.inject({
          ...{ method: 'PATCH', url: `/admin/users/${id}` },
          headers: { authorization: `Bearer ${token}` },
          payload: { disabled: true },
        }),
      ),
    );
    // Whoever asks when the admin is disabled already is nobody.
    expect(answers.filter(({ statusCode }) => ![200, 401, 409].includes(statusCode))).toEqual([]);
    const left = await app
      .get(DataSource)
      .query(`SELECT FROM users WHERE 'admin' = ANY (roles) AND disabled_at IS NULL`);
    expect(left.length).toBeGreaterThanOrEqual(1);
  });
});

it('notes what admins did, and shows it newest first', async () => {
  const { json: user } = await ask('POST', '/users', { username: 'ada', roles: ['user'] });
  await ask('PATCH', `/users/${user.id}`, { roles: ['editor'] });
  await ask('PATCH', `/users/${user.id}`, { roles: ['editor'] });
  await ask('POST', `/users/${user.id}/password`);
  await ask('PATCH', `/users/${admin.id}`, { disabled: true });
  await ask('POST', '/kinds/simulation/pause', { reason: 'Too hot.' });
  const noted = await actions();
  expect(noted.map(({ action }) => action)).toEqual([
    'kind_paused',
    'user_password_reset',
    'user_changed',
    'user_created',
  ]);
  expect(noted[2]).toMatchObject({
    ...{ actor: admin.id, actor_name: 'grace', subject: user.id },
    data: { before: { roles: ['user'], disabled: false }, after: { roles: ['editor'], disabled: false } },
  });
  expect(JSON.stringify(noted)).not.toContain(user.password);
  const { json, link } = await ask('GET', '/actions?limit=3');
  expect(json).toHaveLength(3);
  const rest = await ask('GET', /^<\/admin([^>]+)>/.exec(link ?? '')?.[1] ?? '');
  expect(rest.json).toEqual(noted.slice(3));
});

it('are for admins only', async () => {
  const { id } = await makeUser(app.get(DataSource));
  const walk: ['GET' | 'POST' | 'PATCH', string, object?][] = [
    ['GET', '/users'],
    ['POST', '/users', { username: 'eve', roles: ['admin'] }],
    ['PATCH', `/users/${id}`, { roles: ['admin'] }],
    ['POST', `/users/${id}/password`],
    ['GET', '/actions'],
    ['GET', '/overview'],
  ];
  for (const role of ['user', 'editor'] as const) {
    const somebody = await makeUser(app.get(DataSource), { roles: [role] });
    for (const [method, url, body] of walk)
      expect(await ask(method, url, body, somebody)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
  }
  for (const [method, url, body] of walk) expect((await ask(method, url, body, null)).status).toBe(401);
  expect(await actions()).toEqual([]);
});

it.each([
  ['POST', '', { username: 'ada' }],
  ['POST', '', { username: 'ada', roles: [] }],
  ['POST', '', { username: 'ada', roles: ['root'] }],
  ['POST', '', { username: 'ada', roles: ['user', 'user'] }],
  ['POST', '', { username: 'ada', roles: 'user' }],
  ['POST', '', { username: 'a b', roles: ['user'] }],
  ['POST', '', { username: { $ne: '' }, roles: ['user'] }],
  ['POST', '', { username: 'ada', roles: ['user'], password: 'a password of my own' }],
  ['PATCH', '/ID', { roles: null }],
  ['PATCH', '/ID', { disabled: 'yes' }],
  ['PATCH', '/ID', { username: 'eve' }],
] as const)('refuses %s%s with %j', async (method, path, body) => {
  expect((await ask(method, `/users${path.replace('ID', admin.id)}`, body)).status).toBe(422);
});

it('knows nobody by another id', async () => {
  for (const id of [uuidV7(), 'me', admin.username]) {
    expect((await ask('PATCH', `/users/${id}`, { disabled: true })).status).toBe(404);
    expect((await ask('POST', `/users/${id}/password`)).status).toBe(404);
  }
});
