import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { authEntities } from './auth.module.js';
import { UserEntity } from './user.entity.js';
import { UserInputError, UsersService } from './users.service.js';

let database: TestDatabase;
let source: DataSource;
let users: UsersService;

beforeAll(async () => {
  database = await testDatabase();
  source = await new DataSource(appDataSourceOptions(testConfig(database), authEntities)).initialize();
  users = new UsersService(source.getRepository(UserEntity));
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const password = 'a password of the test';

test.each([
  ['', password, ['user']],
  ['two words', password, ['user']],
  ['-starts-with-a-dash', password, ['user']],
  ['x'.repeat(65), password, ['user']],
  ['nul\u0000', password, ['user']],
  ['short', 'x'.repeat(11), ['user']],
  ['long', 'x'.repeat(129), ['user']],
  ['unknown-role', password, ['Admin']],
  ['no-role', password, []],
])('refused: user %j with password %j and roles %j', async (username, given, roles) => {
  await expect(users.create({ username, password: given, roles })).rejects.toThrow(UserInputError);
});

test('names are lower case and unique, also when two are made at once', async () => {
  const both = ['Grace', 'grace'].map((username) => users.create({ username, password, roles: ['user'] }));
  const results = await Promise.allSettled(both);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await users.findByUsername('GRACE'))?.username).toBe('grace');
});

test('each change makes a new version; a change of nobody is refused', async () => {
  const { id } = await users.create({ username: 'ida', password, roles: ['admin', 'user', 'admin'] });
  await users.setRoles('Ida', ['editor']);
  await users.disable('ida');
  expect(await users.findActive(id, 3)).toBeNull();
  await users.enable('ida');
  await users.setPassword('ida', 'another password');
  expect(await users.findActive(id, 5)).toMatchObject({ roles: ['editor'], disabledAt: null });
  expect(await users.findActive(id, 4)).toBeNull();
  await expect(users.enable('nobody')).rejects.toThrow('There is no user "nobody".');
});
