import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Client } from 'pg';
import { authEntities, SigningKeys, type Role } from '@longhaul/auth';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { loadConfig, type Config } from '@longhaul/config';
import { appDataSourceOptions, migrate, provideDatabase, type ProvidedDatabase } from '@longhaul/persistence';
import { ended, until } from './processes.js';

/** Room for two generations of apps side by side. Everything else is PostgreSQL's default: durable. */
const settings = { max_connections: '400', shared_preload_libraries: 'pg_stat_statements' };
const template = 'faults_template';
/** Longer than any run; the apps' own tokens are shorter. */
const tokenSeconds = 86_400;

export interface Caller {
  readonly id: string;
  readonly token: string;
}
/** Who submits, and who cancels; they exist in every database. */
export interface Callers {
  readonly owners: readonly Caller[];
  readonly admin: Caller;
}

/** URLs of one database: as the apps connect, as the schema's owner, and as the superuser. */
export interface DatabaseUrls {
  readonly url: string;
  readonly ownerUrl: string;
  readonly adminUrl: string;
}

/** A PostgreSQL of the harness, which faults may kill and start again. */
export class StagePostgres {
  /** Each start is a use of the embedded server that has to be given back. */
  private readonly provided: ProvidedDatabase[] = [];
  private made = 0;

  private constructor(
    private readonly config: Config,
    /** Where the cluster is; on a machine of root's this may be outside of the checkout. */
    readonly dataFolder: string,
    readonly callers: Callers,
  ) {}

  /** Starts the server, drops what an earlier run left, and makes the template that {@link makeDatabase} clones. */
  static async start(folder: string): Promise<StagePostgres> {
    const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: join(folder, 'postgres') });
    const provided = await provideDatabase(config, settings);
    try {
      const { dataFolder } = await asAdmin(provided, async (client) => {
        await dropDatabases(client);
        await client.query(`CREATE DATABASE ${template} OWNER longhaul_owner`);
        const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
        return { dataFolder: rows[0].data_directory };
      });
      const urls = urlsOf(provided, template);
      const ofTemplate = { ...config, DATABASE_URL: urls.url, MIGRATION_DATABASE_URL: urls.ownerUrl };
      await migrate(ofTemplate);
      const callers = await makeCallers({ ...ofTemplate, ACCESS_TOKEN_SECONDS: tokenSeconds });
      const server = new StagePostgres(config, dataFolder, callers);
      server.provided.push(provided);
      return server;
    } catch (error) {
      await provided.release();
      throw error;
    }
  }

  /** A migrated database with users and nothing else; takes some 50 ms. */
  async makeDatabase(): Promise<DatabaseUrls> {
    const name = `faults_${(this.made += 1)}`;
    await asAdmin(this.current, (client) =>
      client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER longhaul_owner`),
    );
    return urlsOf(this.current, name);
  }

  /** Statements as the superuser, on a connection of their own. */
  async admin<T>(action: (client: Client) => Promise<T>): Promise<T> {
    return asAdmin(this.current, action);
  }

  /** Ends it as `pg_ctl stop -m immediate` does: at once, without a checkpoint, as if the machine had lost power. */
  async crash(): Promise<void> {
    const pid = await this.pid();
    process.kill(pid, 'SIGQUIT');
    await until(() => ended(pid), 30_000, 'PostgreSQL to end');
  }

  /** Starts it again, on the same port; it recovers from its log first. */
  async restart(): Promise<void> {
    const { port } = this.current;
    const provided = await provideDatabase(this.config, settings);
    this.provided.push(provided);
    if (provided.port !== port) throw new Error(`PostgreSQL came back on port ${provided.port}, not ${port}.`);
  }

  /** The postmaster's. */
  async pid(): Promise<number> {
    return Number((await readFile(join(this.dataFolder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }

  async stop(): Promise<void> {
    for (const { release } of this.provided.splice(0)) await release();
  }

  private get current(): ProvidedDatabase {
    const last = this.provided.at(-1);
    if (last === undefined) throw new Error('PostgreSQL was stopped.');
    return last;
  }
}

async function asAdmin<T>({ adminUrl }: ProvidedDatabase, action: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function dropDatabases(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'faults\\_%'`,
  );
  for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
}

function urlsOf({ config, adminUrl = '' }: ProvidedDatabase, name: string): DatabaseUrls {
  const inDatabase = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    url: inDatabase(config.DATABASE_URL),
    ownerUrl: inDatabase(config.MIGRATION_DATABASE_URL),
    adminUrl: inDatabase(adminUrl),
  };
}

async function makeCallers(config: Config): Promise<Callers> {
  const source = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  try {
    await new SigningKeys(source).makeFirst();
    const make = async (username: string, role: Role): Promise<Caller> => {
      const { id } = await makeUser(source, { username, roles: [role] });
      return { id, token: await tokenFor(source, config, { id }) };
    };
    const owners = await Promise.all(['ann', 'ben', 'cleo', 'dan'].map((name) => make(name, 'user')));
    return { owners, admin: await make('root', 'admin') };
  } finally {
    await source.destroy();
  }
}
