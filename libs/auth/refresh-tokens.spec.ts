import { DataSource } from 'typeorm';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { appDataSourceOptions } from '@longhaul/persistence';
import { authEntities } from './auth.module.js';
import { RefreshTokens } from './refresh-tokens.js';
import { makeUser } from './testing.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';

let database: TestDatabase;
let source: DataSource;
let tokens: RefreshTokens;

beforeAll(async () => {
  database = await testDatabase();
  const config = testConfig(database);
  source = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  tokens = new RefreshTokens(config, source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

async function signedIn() {
  const user = await makeUser(source);
  return { user, token: await tokens.issue({ id: user.id, authVersion: 1 }) };
}

test('a token is good for one rotation, and the next one goes on', async () => {
  const { user, token } = await signedIn();
  const second = await tokens.rotate(token);
  expect(second?.user).toEqual({ id: user.id, username: user.username, roles: ['user'], authVersion: 1 });
  const third = await tokens.rotate(second?.token ?? '');
  expect(third?.user.id).toBe(user.id);
  expect(await tokens.rotate('unheard of')).toBeUndefined();
});

test('the reuse of a refresh token ends its whole family, and no other', async () => {
  const { user, token } = await signedIn();
  const otherSession = await tokens.issue({ id: user.id, authVersion: 1 });
  const second = await tokens.rotate(token);
  expect(await tokens.rotate(token)).toBeUndefined();
  expect(await tokens.rotate(second?.token ?? '')).toBeUndefined();
  expect(await tokens.rotate(otherSession)).toBeDefined();
});

test('of ten concurrent refreshes exactly one wins, and the family ends', async () => {
  const { token } = await signedIn();
  const results = await Promise.all(Array.from({ length: 10 }, () => tokens.rotate(token)));
  const winners = results.filter((result) => result !== undefined);
  expect(winners).toHaveLength(1);
  expect(await tokens.rotate(winners[0]?.token ?? '')).toBeUndefined();
});

test('a token of a disabled or changed user is refused, also after the user is enabled again', async () => {
  const users = new UsersService(source.getRepository(UserEntity));
  const { user, token } = await signedIn();
  await users.disable(user.username);
  expect(await tokens.rotate(token)).toBeUndefined();
  await users.enable(user.username);
  expect(await tokens.rotate(token)).toBeUndefined();
});

test('an expired token is refused, and removed at a later sign-in', async () => {
  const { user, token } = await signedIn();
  await source.query(`UPDATE refresh_tokens SET expires_at = now() - interval '1 s' WHERE user_id = $1`, [user.id]);
  expect(await tokens.rotate(token)).toBeUndefined();
  await tokens.issue({ id: user.id, authVersion: 1 });
  expect(await source.query('SELECT FROM refresh_tokens WHERE expires_at < now()')).toHaveLength(0);
});

test('a sign-out ends the family; the database holds no token in plain text', async () => {
  const { token } = await signedIn();
  const second = await tokens.rotate(token);
  await tokens.revokeFamily(token);
  expect(await tokens.rotate(second?.token ?? '')).toBeUndefined();
  const rows = await source.query<object[]>('SELECT * FROM refresh_tokens');
  expect(JSON.stringify(rows)).not.toContain(token);
});
