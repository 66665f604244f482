import { createHmac, createPublicKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import Provider from 'oidc-provider';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { probeApp } from './probe-app.js';

const audience = 'https://longhaul.example/api';
let database: TestDatabase;
let server: Server;
let issuer: string;
let provider: RequestListener;
let jwksRequests = 0;
let key: JWK;
let app: NestFastifyApplication;
/** Further keys, published at a route of their own beside the provider's. */
let published: JsonWebKey[] = [];

async function newKey(kid: string, algorithm = 'RS256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' };
}

/** A provider that gives its client JWT access tokens for the resource asked for, with the role admin in a claim. */
function startProvider(jwk: JWK): RequestListener {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'machine',
        client_secret: 'a secret of the test',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [jwk] },
    extraTokenClaims: () => ({ realm_access: { roles: ['admin'] } }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          audience: resource,
          scope: 'api',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: jwk.alg } },
        }),
      },
    },
  }).callback();
}

async function tokenOfProvider(resource = audience): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('machine:a secret of the test').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'api' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  expect(answer.status).toBe(200);
  return token;
}

/** Signs with the provider's own key, so that only what is tried is wrong. */
async function forge(claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> {
  const alg = (header['alg'] as string | undefined) ?? 'RS256';
  return new SignJWT({ iss: issuer, aud: audience, sub: 'somebody', exp: now() + 60, ...claims })
    .setProtectedHeader({ kid: key.kid, typ: 'JWT', ...header, alg })
    .sign(await importJWK({ ...key, alg }, alg));
}

const configFor = (overrides: Partial<Config> = {}) =>
  testConfig(database, {
    AUTH_LOCAL: false,
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: audience,
    OIDC_ROLES_CLAIM: 'realm_access.roles',
    ...overrides,
  });

const ask = (token: string, where = app) => where.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } });

async function expectRefused(token: string, where = app): Promise<void> {
  const answer = await ask(token, where);
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="longhaul", error="invalid_token"');
}

beforeAll(async () => {
  // The provider reminds of what a real installation would set.
  jest.spyOn(console, 'warn').mockReturnValue(undefined);
  jest.spyOn(console, 'info').mockReturnValue(undefined);
  database = await testDatabase();
  server = createServer((request, response) => {
    if (request.url === '/jwks') jwksRequests++;
    if (request.url === '/other-keys') response.end(JSON.stringify({ keys: published }));
    else provider(request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  key = await newKey('first');
  provider = startProvider(key);
  app = await probeApp(configFor());
});
afterAll(async () => {
  await app.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.drop();
});

const now = () => Math.floor(Date.now() / 1000);
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('an access token of the provider is accepted, with subject and roles from its claims', async () => {
  const answer = await ask(await tokenOfProvider());
  expect(answer.json()).toMatchObject({ subject: 'machine', roles: ['admin'], issuer });
});

test('a token for another audience is refused', async () => {
  await expectRefused(await tokenOfProvider('https://other.example'));
});

test.each<[string, () => Promise<string>]>([
  ['another issuer', () => forge({ iss: 'https://evil.example' })],
  ['the issuer with a slash', () => forge({ iss: `${issuer}/` })],
  ['the built-in issuer, which is off', () => forge({ iss: 'urn:longhaul:issuer', aud: 'longhaul' })],
  ['no audience', () => forge({ aud: undefined })],
  ['expired, beyond the leeway', () => forge({ exp: now() - 61 })],
  ['no exp', () => forge({ exp: undefined })],
  ['not yet valid, beyond the leeway', () => forge({ nbf: now() + 61 })],
  ['ID token with a nonce', () => forge({ nonce: 'n' })],
  ['ID token with at_hash', () => forge({ at_hash: 'h' })],
  ['ID token of Keycloak', () => forge({ typ: 'ID' })],
  ['refresh token of Keycloak', () => forge({ typ: 'Refresh' })],
  ['logout token', () => forge({}, { typ: 'logout+jwt' })],
  ['token bound to a key', () => forge({ cnf: { jkt: 'x' } })],
  ['no subject', () => forge({ sub: undefined })],
  ['empty subject', () => forge({ sub: '' })],
  ['subject with NUL', () => forge({ sub: 'a\u0000b' })],
  ['unknown kid', () => forge({}, { kid: '../../dev/null' })],
  ['kid is no string', () => forge({}, { kid: 7 })],
  ['algorithm that is not allowed', () => forge({}, { alg: 'PS256' })],
])('refused: %s', async (_, make) => expectRefused(await make()));

test('refused: alg none, and HS256 with the provider’s public key', async () => {
  const payload = (await forge()).split('.')[1];
  await expectRefused(`${base64({ alg: 'none', kid: key.kid })}.${payload}.`);
  const pem = createPublicKey({ key: key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const signed = `${base64({ alg: 'HS256', kid: key.kid })}.${payload}`;
  await expectRefused(`${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`);
});

test.each([
  [['admin'], ['admin']],
  ['editor', ['editor']],
  [['Admin '], ['user']],
  [{ admin: true }, ['user']],
  [undefined, ['user']],
])('the roles claim %j gives %j', async (roles, expected) => {
  const answer = await ask(await forge({ realm_access: { roles } }));
  expect(answer.json().roles).toEqual(expected);
});

test('a claim whose name has dots is found by its own name; the subject claim can be chosen', async () => {
  const claim = 'https://longhaul.example/roles';
  const other = await probeApp(configFor({ OIDC_ROLES_CLAIM: claim, OIDC_SUBJECT_CLAIM: 'email' }));
  const answer = await ask(await forge({ [claim]: ['editor'], email: 'a@example.org' }), other);
  expect(answer.json()).toMatchObject({ subject: 'a@example.org', roles: ['editor'] });
  await other.close();
});

test('an RSA key of 1024 bits is refused; ES256 and a key without kid are not', async () => {
  const other = await probeApp(configFor({ OIDC_JWKS_URL: `${issuer}/other-keys` }));
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const elliptic = await newKey('ec', 'ES256');
  const { d: _, ...ecPublic } = elliptic;
  published = [{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak' }, ecPublic];
  const signed = `${base64({ alg: 'RS256', kid: 'weak' })}.${(await forge()).split('.')[1]}`;
  await expectRefused(`${signed}.${sign('sha256', Buffer.from(signed), weak.privateKey).toString('base64url')}`, other);
  const claims = { iss: issuer, aud: audience, sub: 'somebody', exp: now() + 60 };
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' });
  expect((await ask(await token.sign(await importJWK(elliptic, 'ES256')), other)).statusCode).toBe(200);
  await other.close();
});

test('a provider that cannot be reached is a 503, no 401: the token may be good', async () => {
  const other = await probeApp(configFor({ OIDC_JWKS_URL: 'http://127.0.0.1:9/jwks' }));
  const answer = await ask(await forge(), other);
  expect(answer.statusCode).toBe(503);
  expect(answer.json().code).toBe('authentication_unavailable');
  await other.close();
});

test('after a key rotation new tokens are accepted and the provider is not flooded for unknown keys', async () => {
  const oldToken = await forge();
  expect((await ask(oldToken)).statusCode).toBe(200);
  key = await newKey('second');
  provider = startProvider(key);
  const token = await tokenOfProvider();
  const before = jwksRequests;
  const deadline = Date.now() + 10_000;
  while ((await ask(token)).statusCode !== 200) expect(Date.now()).toBeLessThan(deadline);
  expect(jwksRequests - before).toBe(1);
  for (let count = 0; count < 50; count++) await expectRefused(await forge({}, { kid: `unknown-${count}` }));
  expect(jwksRequests - before).toBeLessThanOrEqual(2);
  await expectRefused(oldToken);
});
