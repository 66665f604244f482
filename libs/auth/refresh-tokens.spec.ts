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

/** Lets days go by for everything of a user; then somebody signs in, which sweeps what has expired. */
async function age(user: { readonly id: string }, days: number) {
  const columns = ['created_at', 'expires_at', 'family_ends_at', 'used_at', 'revoked_at'];
  const moved = columns.map((column) => `${column} = ${column} - make_interval(days => $2)`).join(', ');
  await source.query(`UPDATE refresh_tokens SET ${moved} WHERE user_id = $1`, [user.id, days]);
  await signedIn();
}

test.each([
  ['reuse', (token: string) => tokens.rotate(token)],
  ['a sign-out', (token: string) => tokens.revokeFamily(token)],
])('a revoked family stays revoked after its oldest token is swept (%s)', async (_by, revoke) => {
  const { user, token } = await signedIn();
  await age(user, 10);
  const second = await tokens.rotate(token);
  await revoke(token);
  await age(user, 5);
  expect(await tokens.rotate(second?.token ?? '')).toBeUndefined();
});

test('a family ends 90 days after its sign-in, however often it is rotated, and leaves nothing behind', async () => {
  const signIn = await signedIn();
  let { token } = signIn;
  for (let day = 0; day < 80; day += 10) {
    const next = await tokens.rotate(token);
    expect(next?.expiresIn).toBe(14 * 86_400);
    token = next?.token ?? '';
    await age(signIn.user, 10);
  }
  const last = await tokens.rotate(token);
  expect(last?.expiresIn).toBeLessThanOrEqual(10 * 86_400);
  expect(last?.expiresIn).toBeGreaterThan(10 * 86_400 - 60);
  await tokens.revokeFamily(last?.token ?? '');
  await age(signIn.user, 11);
  expect(await tokens.rotate(last?.token ?? '')).toBeUndefined();
  expect(await source.query('SELECT FROM refresh_tokens WHERE user_id = $1', [signIn.user.id])).toHaveLength(0);
});

test('a sign-out ends the family; the database holds no token in plain text', async () => {
  const { token } = await signedIn();
  const second = await tokens.rotate(token);
  await tokens.revokeFamily(token);
  expect(await tokens.rotate(second?.token ?? '')).toBeUndefined();
  const rows = await source.query<object[]>('SELECT * FROM refresh_tokens');
  expect(JSON.stringify(rows)).not.toContain(token);
});
