import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { redisUrl } from '../../../test/support/backends.js';
import { Publisher } from '../../../test/support/publisher.js';
import { makeApi } from './start-api.js';

let database: TestDatabase;
beforeAll(async () => (database = await testDatabase()));
afterAll(() => database.drop());

const sockets = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
const settings = { ADMIN_PASSWORD: 'a long password', REDIS_URL: redisUrl ?? '', QUEUE_BACKEND: 'postgres' } as const;

it('leaves no connection open when it cannot start, although it had begun to', async () => {
  const owner = new Publisher(database.ownerUrl);
  await owner.sql('ALTER TABLE users RENAME TO hidden_users');
  await owner.close();
  const before = sockets();
  await expect(makeApi(testConfig(database, settings))).rejects.toThrow('users');
  await until(() => Promise.resolve(sockets() <= before));
});
