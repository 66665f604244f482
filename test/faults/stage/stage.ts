import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { Client, Pool, type QueryResultRow } from 'pg';
import { loadConfig, type Config } from '@longhaul/config';
import type { Backend } from '../../support/backends.js';
import { tcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { App, type Environment, type Role } from './app.js';
import type { Clocks } from './clock.js';
import { freePort } from '../../support/free-port.js';
import { processesWith } from './processes.js';
import type { Callers, DatabaseUrls, StagePostgres } from './postgres.js';
import type { StageRedis } from './redis.js';
import type { SmallDisk } from './small-disk.js';

/** The servers of a run; faults that do not damage them for good share them. */
export interface Servers {
  readonly postgres: StagePostgres;
  /** Undefined when this machine has none. */
  readonly redis: StageRedis | undefined;
  /** Where PostgreSQL's data are, if the fault wants a small disk. */
  readonly disk?: SmallDisk;
}

export interface StageOptions {
  readonly backend: Backend;
  /** The tree whose sources run. */
  readonly root: string;
  readonly settings: Environment;
  /** Puts a proxy between the apps and each of their stores. */
  readonly proxied: boolean;
  /** See Fault. */
  readonly clocks: Clocks | undefined;
  readonly logFolder: string;
  /** Where jobs have their effects. */
  readonly sinkUrl: string;
}

/** Ways to the apps' stores that can be blocked; on the PostgreSQL backend both are the same one. */
export interface Proxies {
  readonly database: TcpProxy;
  readonly queue: TcpProxy;
  /** The way of the first worker alone to the database; it leads through {@link database}. */
  readonly ofFirstWorker: TcpProxy;
}

const appsOfARole = 2;
/** A query of the harness is repeated for so long while a fault has the server down. */
const sqlPatienceMs = 60_000;

/** Two apis and two workers, on a database and a queue prefix of their own. */
export class Stage {
  readonly apis: App[] = [];
  readonly workers: App[] = [];

  private constructor(
    readonly backend: Backend,
    readonly servers: Servers,
    /** As the apps read their settings. */
    readonly config: Config,
    readonly proxies: Proxies | undefined,
    private readonly pool: Pool,
  ) {}

  static async open(servers: Servers, options: StageOptions): Promise<Stage> {
    const database = await servers.postgres.makeDatabase();
    const pool = new Pool({ connectionString: database.adminUrl, max: 4, connectionTimeoutMillis: 5_000 });
    // Faults cut connections; the pool makes new ones.
    pool.on('error', () => undefined);
    const proxies = options.proxied ? await openProxies(servers, database, options.backend) : undefined;
    const env = { ...options.settings, ...placesOf(servers, database, options.backend, proxies) };
    const stage = new Stage(options.backend, servers, loadConfig(env), proxies, pool);
    for (const role of ['api', 'worker'] as const) {
      for (let number = 1; number <= appsOfARole; number += 1) await stage.add(role, number, env, options);
    }
    return stage;
  }

  /** Name of its database. */
  private get database(): string {
    return new URL(this.config.DATABASE_URL).pathname.slice(1);
  }

  get apps(): readonly App[] {
    return [...this.apis, ...this.workers];
  }

  get callers(): Callers {
    return this.servers.postgres.callers;
  }

  /** The Redis of this run. @throws Error on the PostgreSQL backend's stage of a machine without one. */
  get redis(): StageRedis {
    if (this.servers.redis === undefined) throw new Error('There is no Redis on this stage.');
    return this.servers.redis;
  }

  async start(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.start()));
  }

  /** Rows of a query that runs as the superuser, beside the apps; repeated while the server is away. */
  async sql<Row extends QueryResultRow = QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    for (const giveUp = performance.now() + sqlPatienceMs; ;) {
      try {
        return (await this.pool.query<Row>(text, values)).rows;
      } catch (error) {
        if (performance.now() > giveUp) throw error;
        await pause(200);
      }
    }
  }

  /** Running attempts of one worker process, as the database has them. */
  async runningOn(worker: App): Promise<number> {
    const [row] = await this.sql<{ count: number }>(
      `SELECT count(*)::integer AS count FROM jobs WHERE status = 'RUNNING' AND split_part(worker_id, ':', 2) = $1`,
      [String(worker.pid)],
    );
    return row.count;
  }

  /** How often a job has been started. */
  async runsOf(taskId: string | undefined): Promise<number> {
    const [row] = await this.sql<{ fence: string }>('SELECT fence FROM jobs WHERE id = $1', [taskId]);
    return Number(row.fence);
  }

  /** The worker that runs a job now. */
  async workerOf(taskId: string | undefined): Promise<App | undefined> {
    const [row] = await this.sql<{ pid: string }>(
      `SELECT split_part(worker_id, ':', 2) AS pid FROM jobs WHERE id = $1 AND status = 'RUNNING'`,
      [taskId],
    );
    return this.workers.find(({ pid }) => String(pid) === row?.pid);
  }

  /** Connections of the apps to this stage's database. */
  async connections(): Promise<number> {
    const [row] = await this.sql<{ count: number }>(
      `SELECT count(*)::integer AS count FROM pg_stat_activity WHERE datname = current_database() AND usename <> 'postgres'`,
    );
    return row.count;
  }

  /** Ends what the apps have open on this stage's database, by the server. */
  async endConnections(): Promise<void> {
    await this.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename <> 'postgres'`,
    );
  }

  /** Lets so many connections of the apps in, and refuses others as a full server does. @param most -1: no limit. */
  async limitConnections(most: number): Promise<void> {
    await this.sql(`ALTER DATABASE ${this.database} CONNECTION LIMIT ${most}`);
  }

  /** Keeps everybody from reading and writing a table. @returns what ends that. */
  async lockTable(name: string): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: this.pool.options.connectionString });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
    return () => client.end();
  }

  /** Processes of this stage: its apps, and what they started. Nobody else has its queue prefix. */
  processes(): number[] {
    return processesWith([`QUEUE_PREFIX=${this.config.QUEUE_PREFIX}`]);
  }

  /** Processes of the isolation lane. */
  lanes(): number[] {
    return processesWith([`QUEUE_PREFIX=${this.config.QUEUE_PREFIX}`, 'WORKER_LANE=isolated']);
  }

  /** Ends every process at once. The database stays: evidence is still to be read. */
  async stopApps(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.stop()));
  }

  async close(): Promise<void> {
    await this.stopApps();
    await this.proxies?.ofFirstWorker.cut();
    await this.proxies?.database.cut();
    await this.proxies?.queue.cut();
    await this.pool.end();
  }

  private async add(role: Role, number: number, env: Environment, options: StageOptions): Promise<void> {
    const name = `${role}-${number}`;
    const isFirstWorker = role === 'worker' && number === 1;
    const own = {
      ...env,
      ...(isFirstWorker && this.proxies !== undefined && { DATABASE_URL: this.proxies.ofFirstWorker.url }),
      FAULTS_SINK_URL: options.sinkUrl,
    };
    const app = new App(name, role, options.root, await freePort(), own, options.logFolder);
    if (options.clocks !== undefined) await app.setClock(options.clocks(role, number));
    (role === 'api' ? this.apis : this.workers).push(app);
  }
}

async function openProxies(servers: Servers, database: DatabaseUrls, backend: Backend): Promise<Proxies> {
  const toDatabase = await tcpProxy(database.url);
  const redis = backend === 'redis' ? servers.redis : undefined;
  return {
    database: toDatabase,
    queue: redis === undefined ? toDatabase : await tcpProxy(redis.url),
    ofFirstWorker: await tcpProxy(toDatabase.url),
  };
}

function placesOf(
  { redis }: Servers,
  database: DatabaseUrls,
  backend: Backend,
  proxies: Proxies | undefined,
): Environment {
  return {
    DATABASE_URL: proxies?.database.url ?? database.url,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    QUEUE_BACKEND: backend,
    QUEUE_PREFIX: `faults-${randomUUID().slice(0, 8)}`,
    ...(backend === 'redis' && { REDIS_URL: proxies?.queue.url ?? redis?.url ?? '' }),
  };
}
