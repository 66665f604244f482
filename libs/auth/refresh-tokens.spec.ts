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

/** Lets seconds go by since the tokens of a user were used. */
async function wait(user: { readonly id: string }, seconds: number) {
  await source.query(`UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $2) WHERE user_id = $1`, [
    user.id,
    seconds,
  ]);
}

test('the reuse of a refresh token after its successor ends its whole family, and no other', async () => {
  const { user, token } = await signedIn();
  const otherSession = await tokens.issue({ id: user.id, authVersion: 1 });
  const second = await tokens.rotate(token);
  const third = await tokens.rotate(second?.token ?? '');
  expect(await tokens.rotate(token)).toBeUndefined();
  expect(await tokens.rotate(third?.token ?? '')).toBeUndefined();
  expect(await tokens.rotate(otherSession)).toBeDefined();
});

test('a token whose successor was lost on the way gives another one for 30 seconds; later that is theft', async () => {
  const { user, token } = await signedIn();
  await tokens.rotate(token);
  await wait(user, 20);
  const again = await tokens.rotate(token);
  expect(again?.user.id).toBe(user.id);
  await wait(user, 11);
  expect(await tokens.rotate(token)).toBeUndefined();
  expect(await tokens.rotate(again?.token ?? '')).toBeUndefined();
});

test('of several successors the one that is used first goes on; the use of another one is theft', async () => {
  const { token } = await signedIn();
  const [lost, kept] = [await tokens.rotate(token), await tokens.rotate(token)];
  const third = await tokens.rotate(kept?.token ?? '');
  const fourth = await tokens.rotate(third?.token ?? '');
  expect(fourth).toBeDefined();
  expect(await tokens.rotate(lost?.token ?? '')).toBeUndefined();
  expect(await tokens.rotate(fourth?.token ?? '')).toBeUndefined();
});

test('ten concurrent refreshes all get a successor, the eleventh ends the family', async () => {
  const { user, token } = await signedIn();
  const results = await Promise.all(Array.from({ length: 10 }, () => tokens.rotate(token)));
  expect(results).not.toContain(undefined);
  expect(await source.query('SELECT FROM refresh_tokens WHERE user_id = $1', [user.id])).toHaveLength(11);
  expect(await tokens.rotate(token)).toBeUndefined();
  expect(await tokens.rotate(results[0]?.token ?? '')).toBeUndefined();
});

test('of successors that are used at the same moment exactly one wins, and the family ends', async () => {
  const { token } = await signedIn();
  const successors = await Promise.all(Array.from({ length: 6 }, () => tokens.rotate(token)));
  const results = await Promise.all(
    [token, ...successors.map((each) => each?.token ?? '')].map((each) => tokens.rotate(each)),
  );
  const winners = results.slice(1).filter((result) => result !== undefined);
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
  await wait(user, 31);
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
