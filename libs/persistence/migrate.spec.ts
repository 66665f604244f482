import { DataSource } from 'typeorm';
import { Client } from 'pg';
import { appDataSourceOptions } from './data-source.js';
import { migrate } from './migrate.js';
import { testConfig, testDatabase, type TestDatabase } from './test-database.js';
import { databaseName } from './test-server.js';

const newJob = `INSERT INTO jobs (id, kind, owner_id, input, timeout_seconds, max_attempts, last_seq)
                VALUES (gen_random_uuid(), 'simulation', 'ada', '{}', 60, 1, 1) RETURNING id`;

describe('what the apps may do', () => {
  let database: TestDatabase;
  let app: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    app = await new DataSource(appDataSourceOptions(testConfig(database), [])).initialize();
    const [job] = await app.query(newJob);
    await app.query(`INSERT INTO job_events (job_id, seq, type, actor) VALUES ($1, 1, 'submitted', 'ada')`, [job.id]);
  });
  afterAll(async () => {
    await app.destroy();
    await database.drop();
  });

  it('acts as the role that owns nothing', async () => {
    const [row] = await app.query(
      `SELECT current_user AS role, session_user AS login,
              (SELECT count(*)::int FROM pg_class WHERE relowner IN (current_user::regrole, session_user::regrole)) AS owned`,
    );
    expect(row).toEqual({ role: 'longhaul_app', login: 'longhaul', owned: 0 });
  });

  it.each([
    `UPDATE job_events SET message = 'rewritten'`,
    'DELETE FROM job_events',
    'TRUNCATE job_events',
    'DELETE FROM jobs',
    'CREATE TABLE mine (id int)',
    'DROP TABLE bullmq.job',
    'CREATE SCHEMA mine',
    'ALTER TABLE jobs OWNER TO longhaul_app',
    'DROP TABLE jobs',
  ])('cannot %s', async (statement) => {
    await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('cannot do it as its login either', async () => {
    const runner = app.createQueryRunner();
    await runner.query('RESET ROLE; SET ROLE longhaul');
    await expect(runner.query('DELETE FROM job_events')).rejects.toThrow('permission denied');
    await expect(runner.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await runner.query('SET ROLE longhaul_app');
    await runner.release();
  });
});

describe('migrate', () => {
  let database: TestDatabase;
  const roles: string[] = [];
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    await database.drop();
    await asSuperuser(database.adminUrl, async (client) => {
      for (const role of roles) await client.query(`DROP ROLE IF EXISTS ${role}`);
    });
  });

  /** An empty database, owned by a fresh login. */
  async function emptyDatabase(rights: string) {
    const name = await databaseName();
    const role = `${name}_owner`;
    // The order in which they can be dropped.
    roles.push(`${name}_app`, role);
    await asSuperuser(database.adminUrl, async (client) => {
      await client.query(`CREATE ROLE ${role} LOGIN ${rights} PASSWORD 'only for this test'`);
      await client.query(`CREATE DATABASE ${name} OWNER ${role}`);
    });
    const url = Object.assign(new URL(database.adminUrl), {
      username: role,
      password: 'only for this test',
      pathname: name,
    }).href;
    const drop = () => asSuperuser(database.adminUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    return { url, role: `${name}_app`, drop };
  }

  it.each(['CREATEROLE', 'SUPERUSER'])('works with one URL for everything, of a login with %s', async (rights) => {
    const empty = await emptyDatabase(rights);
    const config = testConfig(database, {
      DATABASE_URL: empty.url,
      MIGRATION_DATABASE_URL: '',
      DATABASE_ROLE: empty.role,
    });
    await expect(migrate(config)).resolves.not.toEqual([]);
    await expect(migrate(config)).resolves.toEqual([]);
    const app = await new DataSource(appDataSourceOptions(config, [])).initialize();
    await expect(app.query('DELETE FROM job_events')).rejects.toThrow('permission denied');
    await expect(app.query(newJob)).resolves.toHaveLength(1);
    await app.destroy();
    await empty.drop();
  });

  it('runs again after the apps have made something in BullMQ’s schema', async () => {
    const config = testConfig(database);
    const app = await new DataSource(appDataSourceOptions(config, [])).initialize();
    await app.query('CREATE SEQUENCE bullmq.made_by_bulk_insert');
    await app.destroy();
    await expect(migrate(config)).resolves.toEqual([]);
  });

  it('runs once when five processes call it together', async () => {
    const empty = await emptyDatabase('CREATEROLE');
    const config = testConfig(database, { DATABASE_URL: database.url, MIGRATION_DATABASE_URL: empty.url });
    const own = { ...config, DATABASE_ROLE: empty.role };
    const ran = await Promise.all([1, 2, 3, 4, 5].map(() => migrate(own)));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    await empty.drop();
  });
});

async function asSuperuser(url: string, action: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await client.connect();
  await action(client).finally(() => client.end());
}
