import { loadConfig, type Config } from '@longhaul/config';
import { asAdmin, databaseName, inDatabase, type TestServerAddress } from './test-server.js';

/** A migrated database of its own, for one test file. */
export interface TestDatabase {
  /** As the apps connect. */
  readonly url: string;
  /** As the owner of the schema. */
  readonly ownerUrl: string;
  /** As the superuser. */
  readonly adminUrl: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/** Clones the migrated template; takes some 50 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl, ownerUrl, appUrl, template } = serverAddress();
  const name = await databaseName();
  await asAdmin(adminUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER longhaul_owner`),
  );
  return {
    url: inDatabase(appUrl, name),
    ownerUrl: inDatabase(ownerUrl, name),
    adminUrl: inDatabase(adminUrl, name),
    drop: async () => {
      await asAdmin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/**
 * The configuration of an app on a test database: quiet, on any free port.
 * `QUEUE_BACKEND: 'redis'` takes the test run's Redis along.
 */
export function testConfig(database: TestDatabase, overrides: Partial<Config> = {}): Config {
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    // A worker inside a test's process cannot be started a second time.
    ISOLATED_LANES: '0',
    DATABASE_URL: database.url,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    REDIS_URL: overrides.QUEUE_BACKEND === 'redis' ? environment('TEST_REDIS_URL') : '',
  });
  return { ...config, ...overrides };
}

function serverAddress(): TestServerAddress {
  return JSON.parse(environment('TEST_POSTGRES')) as TestServerAddress;
}

/** What the test run's global set-up found out; these are no settings of Longhaul. */
function environment(name: 'TEST_POSTGRES' | 'TEST_REDIS_URL'): string {
  // eslint-disable-next-line no-restricted-properties -- set by the test run itself, and read nowhere else
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run the tests through jest's set-up.`);
  return value;
}
