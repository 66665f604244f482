import { randomUUID } from 'node:crypto';
import { Pool, type QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';
import { authEntities, SigningKeys, type Role } from '@longhaul/auth';
import { makeUser, tokenFor, type TestUser } from '@longhaul/auth/testing';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { startApiProcess, startWorkerProcess, type ApiProcess, type WorkerProcess } from './app-process.js';
import { redisUrl, type Backend } from './backends.js';
import { refuseStaleBuild } from './built-apps.js';

export type { ApiProcess, AppProcess, Exit, WorkerProcess } from './app-process.js';
export { call, type Answer, type CallOptions } from './call.js';
export { openStream, StreamRefused, type StreamMessage, type StreamOptions } from './event-stream.js';

/** A user of the deployment, with an access token that lasts an hour (or ACCESS_TOKEN_SECONDS). */
export interface DeployedUser extends TestUser {
  readonly token: string;
}
type Environment = Readonly<Record<string, string>>;

export interface DeploymentOptions {
  readonly backend: Backend;
  /** How many api processes to start; 1 unless given. */
  readonly apis?: number;
  /** How many worker processes to start; 1 unless given. */
  readonly workers?: number;
  /** Settings of every process, over those below; LOG_LEVEL must let info through: a worker logs that it is ready. */
  readonly env?: Environment;
}

/** Limits that no test meets by accident, and clocks short enough to wait for. */
const settings: Environment = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'info',
  PORT: '0',
  LEASE_SECONDS: '4',
  HEARTBEAT_SECONDS: '1',
  RECONCILE_SECONDS: '1',
  RETRY_BASE_MS: '50',
  DRAIN_SECONDS: '1',
  ...Object.fromEntries(
    ['SUBMIT', 'READ', 'STREAM', 'LOGIN', 'PUBLIC'].map((name) => [`RATE_LIMIT_${name}`, '1000000']),
  ),
};

/** Built apps that run as processes of their own, on a database, queue prefix and set of users of their own. */
export class Deployment {
  /** Every process that was started here, the ended ones too. */
  readonly apis: ApiProcess[] = [];
  readonly workers: WorkerProcess[] = [];

  private constructor(
    readonly backend: Backend,
    readonly database: TestDatabase,
    /** Settings of every process. */
    readonly env: Environment,
    readonly users: Readonly<Record<'user' | 'other' | 'editor' | 'admin', DeployedUser>>,
    private readonly pool: Pool,
  ) {}

  static async start({ backend, apis = 1, workers = 1, env = {} }: DeploymentOptions): Promise<Deployment> {
    refuseStaleBuild();
    if (backend === 'redis' && redisUrl === undefined) throw new Error('This test run has no Redis.');
    const database = await testDatabase();
    const pool = new Pool({ connectionString: database.adminUrl, max: 4 });
    // Connections are cut when the database is dropped.
    pool.on('error', () => undefined);
    const all = { ...settings, ...placesOf(database, backend), ...env };
    const users = await makeUsers(database, Number(env.ACCESS_TOKEN_SECONDS ?? 3600));
    const deployment = new Deployment(backend, database, all, users, pool);
    try {
      await Promise.all([
        ...Array.from({ length: apis }, () => deployment.startApi()),
        ...Array.from({ length: workers }, () => deployment.startWorker()),
      ]);
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  /** One more api; `env` goes over the deployment's settings. */
  async startApi(env: Environment = {}): Promise<ApiProcess> {
    const api = await startApiProcess({ ...this.env, ...env });
    this.apis.push(api);
    return api;
  }

  /** One more worker; `env` goes over the deployment's settings. */
  async startWorker(env: Environment = {}): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({ ...this.env, ...env });
    this.workers.push(worker);
    return worker;
  }

  /** Rows of a query that runs as the superuser, beside the apps. */
  async sql<Row extends QueryResultRow = QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Kills every process and drops the database. */
  async stop(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((process) => process.kill('SIGKILL')));
    await this.pool.end();
    await this.database.drop();
  }
}

/** See {@link Deployment}. */
export function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  return Deployment.start(options);
}

function placesOf(database: TestDatabase, backend: Backend): Environment {
  return {
    DATABASE_URL: database.url,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    QUEUE_BACKEND: backend,
    QUEUE_PREFIX: `e2e-${randomUUID().slice(0, 8)}`,
    ...(backend === 'redis' && { REDIS_URL: redisUrl ?? '' }),
  };
}

async function makeUsers(database: TestDatabase, tokenSeconds: number): Promise<Deployment['users']> {
  const config = testConfig(database, { ACCESS_TOKEN_SECONDS: tokenSeconds });
  const source = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  try {
    await new SigningKeys(source).makeFirst();
    const make = async (username: string, ...roles: Role[]): Promise<DeployedUser> => {
      const user = await makeUser(source, { username, roles });
      return { ...user, token: await tokenFor(source, config, user) };
    };
    return {
      user: await make('user', 'user'),
      other: await make('other', 'user'),
      editor: await make('editor', 'editor'),
      admin: await make('admin', 'admin'),
    };
  } finally {
    await source.destroy();
  }
}
