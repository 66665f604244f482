import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, importJWK, SignJWT, type JWTPayload } from 'jose';
import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { LOCAL_TOKEN_ISSUER } from './access-tokens.js';
import { probeApp } from './probe-app.js';
import { SigningKeys } from './signing-keys.js';
import { makeUser, tokenFor, type TestUser } from './testing.js';
import { UsersService } from './users.service.js';

let database: TestDatabase;
let config: Config;
let app: NestFastifyApplication;
let source: DataSource;
let admin: TestUser;

beforeAll(async () => {
  database = await testDatabase();
  config = testConfig(database, { ADMIN_PASSWORD: 'a long password' });
  app = await probeApp(config);
  source = app.get(DataSource);
  admin = await makeUser(source, { roles: ['admin'] });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const get = (url: string, token?: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers } });

/** Signs with the server's own key, so that only what is tried is wrong. */
async function forge(
  claims: JWTPayload = {},
  header: Record<string, unknown> = {},
  without: string[] = [],
): Promise<string> {
  const { kid, key } = await app.get(SigningKeys).signing();
  const payload: JWTPayload = {
    iss: LOCAL_TOKEN_ISSUER,
    aud: config.JWT_AUDIENCE,
    sub: admin.id,
    ver: 1,
    exp: Math.floor(Date.now() / 1000) + 60,
    ...claims,
  };
  for (const name of without) delete payload[name];
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header }).sign(key);
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

async function expectRefused(token: string): Promise<void> {
  const answer = await get('/me', token);
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="longhaul", error="invalid_token"');
  expect(answer.json()).toEqual({ code: 'unauthorized', detail: 'A valid access token is needed.' });
}

test('a token as we sign it is accepted', async () => {
  const answer = await get('/me', await tokenFor(source, config, admin));
  expect(answer.json()).toMatchObject({
    subject: admin.id,
    username: admin.username,
    roles: ['admin'],
    issuer: 'local',
  });
  expect((await get('/me', await forge())).statusCode).toBe(200);
});

test('no token: 401 without error; public routes need none', async () => {
  const answer = await get('/me');
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="longhaul"');
  expect((await get('/open')).statusCode).toBe(200);
});

test.each<[string, () => Promise<string>]>([
  ['wrong issuer', () => forge({ iss: 'https://evil.example' })],
  ['wrong audience', () => forge({ aud: 'other-api' })],
  ['audience array without ours', () => forge({ aud: ['x', 'y'] })],
  ['no audience', () => forge({}, {}, ['aud'])],
  ['no exp', () => forge({}, {}, ['exp'])],
  ['exp as text', () => forge({ exp: '9999999999' as never })],
  ['exp beyond all dates', () => forge({ exp: 1e300 })],
  ['expired', () => forge({ exp: now() - 1 })],
  ['not yet valid', () => forge({ nbf: now() + 120 })],
  ['subject is no id', () => forge({ sub: "' OR 1=1 --" })],
  ['subject unknown', () => forge({ sub: randomUUID() })],
  ['older version of the user', () => forge({ ver: 0 })],
  ['version too big for the database', () => forge({ ver: 2 ** 40 })],
  ['version missing', () => forge({}, {}, ['ver'])],
  ['ID token', () => forge({}, { typ: 'JWT' })],
  ['no typ', () => forge({}, { typ: undefined })],
  ['kid is a path', () => forge({}, { kid: '../../dev/null' })],
  ['kid is SQL', () => forge({}, { kid: "x' UNION SELECT 'y" })],
  ['kid with NUL', () => forge({}, { kid: 'a\u0000b' })],
  ['kid missing', () => forge({}, { kid: undefined })],
])('refused: %s', async (_, make) => expectRefused(await make()));

test('refused: a critical header that is not understood', async () => {
  const [, payload, signature] = (await forge()).split('.');
  const { kid } = await app.get(SigningKeys).signing();
  await expectRefused(`${base64({ alg: 'ES256', typ: 'at+jwt', kid, crit: ['x'], x: 1 })}.${payload}.${signature}`);
});

test('refused: alg none, a stripped and a changed signature, another payload', async () => {
  const [header, payload, signature] = (await forge()).split('.') as [string, string, string];
  const { kid } = await app.get(SigningKeys).signing();
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    await expectRefused(`${base64({ alg, typ: 'at+jwt', kid })}.${payload}.`);
    await expectRefused(`${base64({ alg, typ: 'at+jwt', kid })}.${payload}.${signature}`);
  }
  await expectRefused(`${header}.${payload}.`);
  await expectRefused(`${header}.${base64({ sub: admin.id })}.${signature}`);
  await expectRefused(`${header}.${payload}.${'A'.repeat(86)}`);
});

test('refused: HS256 with our public key as the secret', async () => {
  const [jwk] = await app.get(SigningKeys).published();
  const payload = (await forge()).split('.')[1];
  const signed = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: jwk?.kid })}.${payload}`;
  const publicKey = await app.get(SigningKeys).verifying(jwk?.kid ?? '');
  const secrets = [JSON.stringify(jwk), publicKey?.export({ type: 'spki', format: 'pem' }) as string];
  for (const secret of secrets) {
    await expectRefused(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
  }
});

test('refused: a key of the sender in jwk, jku or x5u; jku is never asked', async () => {
  let asked = 0;
  const server: Server = createServer((_request, response) => (asked++, response.end('{}'))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const url = `http://127.0.0.1:${port}/jwks`;
  const header = { alg: 'ES256', typ: 'at+jwt', kid: 'mine', jku: url, x5u: url, jwk: await exportJWK(publicKey) };
  const signed = `${base64(header)}.${(await forge()).split('.')[1]}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  await expectRefused(`${signed}.${signature.toString('base64url')}`);
  expect(asked).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['empty bearer', 'Bearer '],
  ['another scheme', 'Basic YWRtaW46YWRtaW4='],
  ['no JSON inside', 'Bearer aaaa.bbbb.cccc'],
  ['null inside', `Bearer ${base64(null)}.${base64(null)}.AAAA`],
  ['two parts', 'Bearer aaaa.bbbb'],
  ['9 kB', `Bearer ${'a'.repeat(9_000)}.b.c`],
])('refused: %s', async (_, authorization) => {
  expect((await app.inject({ url: '/me', headers: { authorization } })).statusCode).toBe(401);
});

test('refused: a good token in the URL or a cookie', async () => {
  const token = await forge();
  expect((await get(`/me?access_token=${token}&token=${token}`)).statusCode).toBe(401);
  expect((await get('/me', undefined, { cookie: `access_token=${token}` })).statusCode).toBe(401);
});

test('refused: two Authorization headers, even when both are good', async () => {
  const token = await forge();
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const ask = (count: number) =>
    new Promise<string>((resolve, reject) => {
      const line = `Authorization: Bearer ${token}\r\n`;
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${line.repeat(count)}\r\n`),
      );
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => resolve(text.slice(0, 12)));
      socket.on('error', reject);
    });
  expect(await ask(1)).toBe('HTTP/1.1 200');
  expect(await ask(2)).toBe('HTTP/1.1 401');
});

test('roles: 403 with a challenge; admins hold every role; the row decides, not the token', async () => {
  const user = await makeUser(source);
  const answer = await get('/editors', await tokenFor(source, config, user));
  expect(answer.statusCode).toBe(403);
  expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
  expect((await get('/editors', await forge({ sub: user.id, roles: ['admin'] }))).statusCode).toBe(403);
  const editor = await makeUser(source, { roles: ['editor'] });
  expect((await get('/editors', await tokenFor(source, config, editor))).statusCode).toBe(200);
  expect((await get('/editors', await forge())).statusCode).toBe(200);
});

test('a changed or disabled user has no valid token left', async () => {
  const users = app.get(UsersService);
  const changes = [
    (name: string) => users.disable(name),
    (name: string) => users.setRoles(name, ['editor']),
    (name: string) => users.setPassword(name, 'another long password'),
  ];
  for (const change of changes) {
    const user = await makeUser(source);
    const token = await tokenFor(source, config, user);
    expect((await get('/me', token)).statusCode).toBe(200);
    await change(user.username);
    await expectRefused(token);
  }
});

test('an api soon accepts what another api signs with a new key; a retired key verifies nothing', async () => {
  const other = await probeApp(config);
  try {
    await other.get(SigningKeys).rotate();
    const token = await tokenFor(other.get(DataSource), config, admin);
    await waitFor(async () => (await get('/me', token)).statusCode === 200);
    expect(await app.get(SigningKeys).published()).toHaveLength(2);
  } finally {
    await other.close();
  }
  const [oldest] = await source.query<{ kid: string }[]>('SELECT kid FROM signing_keys ORDER BY created_at LIMIT 1');
  await source.query('UPDATE signing_keys SET retired_at = now() WHERE kid = $1', [oldest.kid]);
  expect(await new SigningKeys(source).verifying(oldest.kid)).toBeUndefined();
});

test('concurrent requests never get each other’s principal', async () => {
  const users = await Promise.all(Array.from({ length: 8 }, () => makeUser(source)));
  const tokens = await Promise.all(users.map((user) => tokenFor(source, config, user)));
  const answers = await Promise.all(Array.from({ length: 80 }, (_, index) => get('/me', tokens[index % 8])));
  expect(answers.map((answer) => answer.json().subject)).toEqual(answers.map((_, index) => users[index % 8]?.id));
});

test('the published keys are public halves only, and verify', async () => {
  for (const jwk of await app.get(SigningKeys).published()) {
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    await importJWK(jwk);
  }
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not come true within 5 s');
  }
}
