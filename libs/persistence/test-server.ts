import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadConfig, type Config } from '@longhaul/config';
import { migrate } from './migrate.js';
import { processStart } from './process-identity.js';
import { provideDatabase } from './provide-database.js';

/** What a test needs to know to make a database of its own. */
export interface TestServerAddress {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Name of the migrated database that tests clone. */
  readonly template: string;
}

export interface TestServer extends TestServerAddress {
  readonly stop: () => Promise<void>;
}

/** Speed before durability: test data may be lost. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

/**
 * Starts the PostgreSQL of the tests, which test runs at the same time share, and migrates the template.
 * @param dataDir where it keeps its data.
 */
export async function startTestServer(dataDir: string): Promise<TestServer> {
  const config = loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir });
  const provided = await provideDatabase(config, settings);
  try {
    const adminUrl = provided.adminUrl ?? '';
    const template = await ensureTemplate(adminUrl, provided.config);
    const { DATABASE_URL: appUrl, MIGRATION_DATABASE_URL: ownerUrl } = provided.config;
    return { adminUrl, ownerUrl, appUrl, template, stop: provided.release };
  } catch (error) {
    await provided.release();
    throw error;
  }
}

/** The URL of the same login and server, for another database. */
export function inDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** Runs statements on one connection. */
export async function asAdmin<T>(adminUrl: string, action: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** Name for a database of this process; {@link dropLeftovers} can tell when that process has ended. */
export async function databaseName(): Promise<string> {
  return `test_${process.pid}_${await processStart(process.pid)}_${randomBytes(4).toString('hex')}`;
}

async function ensureTemplate(adminUrl: string, config: Config): Promise<string> {
  const template = `template_${await fingerprint()}`;
  await asAdmin(adminUrl, async (client) => {
    // Held until this connection ends: of several test runs one makes the template.
    await client.query('SELECT pg_advisory_lock(1)');
    await dropLeftovers(client, template);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount !== 0) return;
    // Under its own name only when it is complete.
    const half = await databaseName();
    await client.query(`CREATE DATABASE ${half} OWNER longhaul_owner`);
    await migrate({ ...config, MIGRATION_DATABASE_URL: inDatabase(config.MIGRATION_DATABASE_URL, half) });
    await client.query(`ALTER DATABASE ${half} RENAME TO ${template}`);
  });
  return template;
}

/** Changes with everything that decides what {@link migrate} makes: the migrations, the grants, and BullMQ. */
async function fingerprint(): Promise<string> {
  const here = import.meta.dirname;
  const migrations = (await readdir(join(here, 'migrations'))).sort().map((name) => join(here, 'migrations', name));
  const bullmq = join(here, '../../node_modules/bullmq/package.json');
  const hash = createHash('sha256');
  for (const file of [...migrations, join(here, 'migrate.ts'), bullmq]) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}

/** Drops the databases of test runs that were killed, and then, unless another run may need them, older templates. */
async function dropLeftovers(client: Client, template: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname ~ '^(test|template)_' AND datname <> $1 ORDER BY datname DESC`,
    [template],
  );
  let inUse = false;
  for (const { name } of rows) {
    const [kind, pid, start] = name.split('_');
    const abandoned = kind === 'template' ? !inUse : (await processStart(Number(pid))) !== start;
    if (abandoned) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    else inUse = true;
  }
}
