import { DataSource } from 'typeorm';
import type { Client } from 'pg';
import { appDataSourceOptions } from './data-source.js';
import { migrate } from './migrate.js';
import { testConfig, testDatabase, type TestDatabase } from './test-database.js';
import { asAdmin, databaseName, inDatabase } from './test-server.js';

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
    `INSERT INTO removed_jobs (id, owner_id) VALUES (gen_random_uuid(), 'ada')`,
    `UPDATE removed_jobs SET owner_id = 'eve'`,
    `UPDATE admin_actions SET actor = 'eve'`,
    'DELETE FROM admin_actions',
    'ALTER FUNCTION remove_finished_jobs OWNER TO longhaul_app',
    'CREATE TABLE mine (id int)',
    'DROP TABLE bullmq.job',
    'CREATE SCHEMA mine',
    'ALTER TABLE jobs OWNER TO longhaul_app',
    'DROP TABLE jobs',
  ])('cannot %s', async (statement) => {
    await expect(app.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  it('removes old jobs by the one function that nobody else may call', async () => {
    await expect(app.query(`SELECT remove_finished_jobs('30 days', 500, 5000)`)).resolves.toEqual([
      { remove_finished_jobs: 0 },
    ]);
    const callers = await app.query(
      `SELECT grantee::regrole::text AS role FROM pg_proc, aclexplode(proacl)
       WHERE proname = 'remove_finished_jobs' AND grantee <> proowner`,
    );
    expect(callers).toEqual([{ role: 'longhaul_app' }]);
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

  it('moves events of another server, from a future of this one, to the beginning of the log', async () => {
    const job = '01a2012f-38ad-709e-9332-8b58132069b8';
    const xids = await asAdmin(database.adminUrl, async (client) => {
      await client.query(
        `INSERT INTO job_events (job_id, seq, type, actor, xid)
         SELECT $1, seq, 'log', 'ada', CASE seq WHEN 1 THEN pg_current_xact_id() ELSE '900000000000' END
         FROM generate_series(1, 2) seq`,
        [job],
      );
      const read = async () =>
        (await client.query<{ xid: string }>('SELECT xid FROM job_events WHERE job_id = $1 ORDER BY seq', [job])).rows;
      const before = await read();
      await migrate(testConfig(database));
      return { before, after: await read() };
    });
    expect(xids.after).toEqual([xids.before[0], { xid: '0' }]);
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

function asSuperuser(url: string, action: (client: Client) => Promise<unknown>): Promise<unknown> {
  return asAdmin(inDatabase(url, 'postgres'), action);
}
