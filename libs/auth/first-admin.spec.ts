import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { probeApp } from './probe-app.js';
import { SignInService } from './sign-in.service.js';
import { SigningKeys } from './signing-keys.js';
import { UsersService } from './users.service.js';

let database: TestDatabase;
beforeEach(async () => (database = await testDatabase()));
afterEach(() => database.drop());

/** Starts apis together; gives what they print to standard output. */
async function startApis(count: number, overrides: Partial<Config>) {
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const config = testConfig(database, overrides);
  const apps = await Promise.all(Array.from({ length: count }, () => probeApp(config)));
  write.mockRestore();
  return { apps, printed };
}

test('several apis that start together make one admin and one key, and one prints the password, which works', async () => {
  const { apps, printed } = await startApis(4, { ADMIN_USERNAME: 'Root' });
  const [first] = apps;
  expect(printed).toHaveLength(1);
  const password = /^First admin made: user root, password ([\w-]{32}) \(shown only now\)\n$/.exec(
    printed[0] ?? '',
  )?.[1];
  const users = await first.get(UsersService).list();
  expect(users.map(({ username, roles }) => [username, roles])).toEqual([['root', ['admin']]]);
  await expect(first.get(SignInService).withPassword('ROOT', password ?? '')).resolves.toMatchObject({
    expiresIn: 900,
  });
  const keys = await first.get(DataSource).query<object[]>('SELECT FROM signing_keys');
  expect(keys).toHaveLength(1);
  const kids = await Promise.all(apps.map(async (app) => (await app.get(SigningKeys).signing()).kid));
  expect(new Set(kids).size).toBe(1);
  await Promise.all(apps.map((app) => app.close()));
});

test('a password of the configuration is not printed, and a later start makes nobody', async () => {
  const overrides = { ADMIN_PASSWORD: 'chosen by the operator' };
  const { apps, printed } = await startApis(1, overrides);
  expect(printed.join('')).not.toContain(overrides.ADMIN_PASSWORD);
  await apps[0].close();
  const again = await startApis(1, { ADMIN_USERNAME: 'second' });
  expect(again.printed).toEqual([]);
  expect(await again.apps[0].get(UsersService).list()).toHaveLength(1);
  await again.apps[0].close();
});

test('without the built-in issuer nobody is made', async () => {
  const { apps, printed } = await startApis(1, { AUTH_LOCAL: false });
  expect(printed).toEqual([]);
  expect(await apps[0].get(UsersService).isEmpty()).toBe(true);
  await apps[0].close();
});
