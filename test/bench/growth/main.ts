import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { Client } from 'pg';
import { loadConfig, type Config } from '@longhaul/config';
import { startTestApi, startTestWorker } from '@longhaul/jobs/testing';
import { migrate } from '@longhaul/persistence';
import { operations, type Grown } from '../../support/growth/operations.js';
import { explainAll } from '../../support/growth/statements.js';
import { costsOf, type Cost } from './costs.js';
import { growing, input, kinds, live } from './lives.js';
import { growthReport } from './report.js';

// What each operation costs in tables of real sizes: `npm run bench:growth -- <superuser's url> docs/growth.md [size...]`.
// The databases growth_<size> are made and filled when they are not there, which takes 15 minutes for a million jobs.

const times = 21;
const [url, file, ...wanted] = process.argv.slice(2);
const sizes = wanted.length > 0 ? wanted.map(Number) : [1_000, 100_000, 1_000_000];
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const bySize = new Map<number, ReadonlyMap<string, readonly Cost[]>>();
for (const size of sizes) bySize.set(size, await withDatabase(size, measured));
await writeFile(file, growthReport(bySize, await readFile(file, 'utf8')));

async function withDatabase<T>(size: number, action: (grown: Grown) => Promise<T>): Promise<T> {
  const database = `growth_${size}`;
  const isNew = await make(database);
  const config = configOf(Object.assign(new URL(url), { pathname: `/${database}` }).href);
  await migrate(config);
  const sql = new Client({ connectionString: config.DATABASE_URL });
  await sql.connect();
  if (isNew) await fill(config, size);
  await sql.query('VACUUM (ANALYZE)');
  await explainAll(sql);
  const apps = await start(config);
  try {
    return await action({ ...apps, sql, kind: growing, owner: 'owner-7', input, ...(await someJobs(sql)) });
  } finally {
    await apps.close();
    await sql.end();
  }
}

/** @returns whether it had to be made. */
async function make(database: string): Promise<boolean> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${database}`);
    return rowCount === 0;
  } finally {
    await admin.end();
  }
}

function configOf(databaseUrl: string): Config {
  const ours = { DATABASE_URL: databaseUrl, MIGRATION_DATABASE_URL: databaseUrl, REDIS_URL: '', ISOLATED_LANES: '0' };
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...ours });
  return { ...config, RECONCILE_SECONDS: 3_600, MAX_UNFINISHED_PER_OWNER: 1_000_000, LEASE_SECONDS: 10 };
}

async function start(config: Config): Promise<Pick<Grown, 'api' | 'worker'> & { close(): Promise<void> }> {
  const api = await startTestApi(config, kinds);
  const worker = await startTestWorker(config, kinds, []);
  const close = async (): Promise<void> => {
    await worker.close();
    await api.close();
  };
  return { api, worker, close };
}

async function fill(config: Config, size: number): Promise<void> {
  const apps = await start(config);
  await live(apps.api, apps.worker, size, print);
  await apps.close();
}

async function someJobs(sql: Client): Promise<Pick<Grown, 'ended' | 'old' | 'early'>> {
  const { rows } = await sql.query<{ id: string; at: Date }>(
    `(SELECT id, created_at AS at FROM jobs WHERE status = 'SUCCESS' ORDER BY id DESC LIMIT 1)
     UNION ALL (SELECT id, created_at FROM jobs WHERE status = 'SUCCESS' ORDER BY id OFFSET 500 LIMIT 1)`,
  );
  return { ended: rows[0].id, old: rows[1].id, early: rows[1].at };
}

async function measured(grown: Grown): Promise<ReadonlyMap<string, readonly Cost[]>> {
  // As in a backlog: some wait for a worker, and some of them were just rung.
  for (let n = 0; n < 100; n += 1) await operations['a submit'](grown);
  const costs = new Map<string, readonly Cost[]>();
  for (const [name, operation] of Object.entries(operations)) {
    costs.set(name, await costsOf(grown, operation, times));
    const statements = costs.get(name) ?? [];
    print(`${name}: ${statements.map(({ milliseconds, blocks }) => `${milliseconds} ms ${blocks}`).join(', ')}`);
  }
  return costs;
}
