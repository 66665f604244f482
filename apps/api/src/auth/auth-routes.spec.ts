import { Module, type ArgumentsHost } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { DataSource } from 'typeorm';
import { authEntities, UsersService } from '@longhaul/auth';
import { makeUser, type TestUser } from '@longhaul/auth/testing';
import { ConfigModule, type Config } from '@longhaul/config';
import { PersistenceModule } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { createHttpServer } from '../http/http-server.js';
import { sendProblem } from '../problems/problem.filter.js';
import { toProblem } from '../problems/to-problem.js';
import { ContractValidationPipe } from '../validation/contract-validation.pipe.js';
import { AuthRoutesModule } from './auth-routes.module.js';

let database: TestDatabase;
let app: NestFastifyApplication;
let user: TestUser;

async function startApi(config: Config): Promise<NestFastifyApplication> {
  @Module({
    imports: [ConfigModule.of(config), PersistenceModule.for(config, authEntities), AuthRoutesModule.for(config)],
  })
  class ApiPart {}
  const { adapter } = createHttpServer(config);
  const api = await NestFactory.create<NestFastifyApplication>(ApiPart, adapter, { logger: false, bodyParser: false });
  api.useGlobalPipes(new ContractValidationPipe());
  api.useGlobalFilters({
    catch: (error: unknown, host: ArgumentsHost) => {
      const http = host.switchToHttp();
      sendProblem(toProblem(error), http.getRequest(), http.getResponse());
    },
  });
  await api.init();
  return api;
}

beforeAll(async () => {
  database = await testDatabase();
  app = await startApi(testConfig(database, { ADMIN_PASSWORD: 'a long password' }));
  user = await makeUser(app.get(DataSource), { username: 'ada', roles: ['editor'] });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
const signIn = (username: string, password: string) => post('/auth/token', { username, password });
const refresh = (token: string) => post('/auth/token', { grant_type: 'refresh_token', refresh_token: token });
const me = (token: string) => app.inject({ url: '/auth/me', headers: { authorization: `Bearer ${token}` } });

test('a sign-in by JSON gives tokens that no cache keeps, and /auth/me says who it is', async () => {
  const answer = await signIn('Ada', user.password);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  const tokens = answer.json();
  expect(tokens).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: expect.stringMatching(/^[\w-]{43}$/),
    refresh_expires_in: 14 * 86_400,
  });
  expect((await me(tokens.access_token)).json()).toEqual({
    subject: user.id,
    username: 'ada',
    roles: ['editor'],
    issuer: 'local',
    expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

test('a sign-in by form, as Swagger UI sends it, ignores its client fields and Basic header', async () => {
  const form = {
    grant_type: 'password',
    username: 'ada',
    password: user.password,
    scope: '',
    client_id: 'x',
    client_secret: 'y',
  };
  const answer = await app.inject({
    method: 'POST',
    url: '/auth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic eDp5' },
    payload: new URLSearchParams(form).toString(),
  });
  expect(answer.statusCode).toBe(200);
});

test('the published keys verify an access token', async () => {
  const keys = await app.inject('/auth/jwks');
  expect(keys.headers['cache-control']).toBe('public, max-age=60');
  const { access_token: token } = (await signIn('ada', user.password)).json();
  const verified = await jwtVerify(token, createLocalJWKSet(keys.json<JSONWebKeySet>()), {
    typ: 'at+jwt',
    audience: 'longhaul',
    issuer: 'urn:longhaul:issuer',
  });
  expect(verified.payload).toMatchObject({ sub: user.id, preferred_username: 'ada', roles: ['editor'], ver: 1 });
});

test('unknown user, wrong password and disabled user get the same answer', async () => {
  const disabled = await makeUser(app.get(DataSource));
  await app.get(UsersService).disable(disabled.username);
  const answers = await Promise.all([
    signIn('no-such-user', 'x'),
    signIn('no such user', 'x'),
    signIn('ada', 'wrong password'),
    signIn(disabled.username, disabled.password),
    signIn('ada', ''),
  ]);
  const bodies = answers.map((answer) => ({ ...answer.json(), request_id: '', trace_id: '' }));
  expect(bodies[0]).toMatchObject({ status: 401, code: 'invalid_credentials' });
  for (const body of bodies) expect(body).toEqual(bodies[0]);
});

test('an unknown user takes about as long as a wrong password', async () => {
  const median = async (username: string) => {
    const times: number[] = [];
    for (let count = 0; count < 9; count++) {
      const start = performance.now();
      await signIn(username, 'wrong password');
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[4];
  };
  const [unknown, known] = [await median('no-such-user'), await median('ada')];
  // Without the dummy hash the ratio is far below a tenth; a busy machine must not fail the test.
  expect(unknown).toBeGreaterThan(known / 3);
});

test.each([
  [{}],
  [{ username: 'ada' }],
  [{ username: 'ada', password: 7 }],
  [{ username: { $ne: '' }, password: ['x'] }],
  [{ username: 'ada', password: 'x'.repeat(129) }],
  [{ grant_type: 'client_credentials', username: 'ada', password: 'x' }],
  [{ grant_type: 'refresh_token' }],
  [{ username: 'ada', password: 'x', role: 'admin' }],
])('422 without any hashing: %j', async (body) => {
  expect((await post('/auth/token', body)).statusCode).toBe(422);
});

test('a refresh gives new tokens; the old refresh token ends the session', async () => {
  const first = (await signIn('ada', user.password)).json();
  const second = (await refresh(first.refresh_token)).json();
  expect((await me(second.access_token)).statusCode).toBe(200);
  const third = (await refresh(second.refresh_token)).json();
  const reused = await refresh(first.refresh_token);
  expect(reused.statusCode).toBe(401);
  expect(reused.json().code).toBe('invalid_grant');
  expect((await refresh(third.refresh_token)).statusCode).toBe(401);
});

test('a sign-out ends the session; an unknown token is no error', async () => {
  const { refresh_token: token } = (await signIn('ada', user.password)).json();
  expect((await post('/auth/logout', { refresh_token: token })).statusCode).toBe(204);
  expect((await refresh(token)).statusCode).toBe(401);
  expect((await post('/auth/logout', { refresh_token: 'unknown' })).statusCode).toBe(204);
});

test('without the built-in issuer there is only /auth/me', async () => {
  const overrides = { AUTH_LOCAL: false, OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: 'x' };
  const api = await startApi(testConfig(database, overrides));
  for (const [method, url] of [
    ['POST', '/auth/token'],
    ['GET', '/auth/jwks'],
  ] as const) {
    expect((await api.inject({ method, url, ...(method === 'POST' ? { payload: {} } : {}) })).statusCode).toBe(404);
  }
  expect((await api.inject('/auth/me')).statusCode).toBe(401);
  await api.close();
});
