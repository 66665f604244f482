import { runMigrations as migrateBullmq } from 'bullmq';
import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Config } from '@longhaul/config';
import { ownerDataSource } from './data-source.js';

/** Serialises migrations over all processes; the number is arbitrary and must never change. */
const migrationLock = 7_311_044_081;

/**
 * Brings the schema up to date, once, however many processes call it together: Longhaul's tables, BullMQ's own
 * schema, and the grants of the role that the apps act as.
 * @returns names of the migrations that ran.
 */
export async function migrate(config: Config): Promise<string[]> {
  const source = await ownerDataSource(config).initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const ran = await source.runMigrations();
    const connection = (await runner.connect()) as Parameters<typeof migrateBullmq>[0];
    await migrateBullmq(connection, 'bullmq');
    await grantAppRole(runner, config);
    await renumberRestoredEvents(runner);
    return ran.map((migration) => migration.name);
  } finally {
    // Ending the connection gives the lock back, also when a migration failed.
    await runner.release();
    await source.destroy();
  }
}

/** The apps may append events and never change or delete one; they own no table and can make none. */
async function grantAppRole(runner: QueryRunner, config: Config): Promise<void> {
  const role = escapeIdentifier(config.DATABASE_ROLE);
  await createRole(runner, config.DATABASE_ROLE);
  await letActAs(runner, config.DATABASE_ROLE, loginOf(config.DATABASE_URL));
  await runner.query(`
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO ${role};
    -- BullMQ makes a sequence for each queue at its first bulk insert. Nothing but doorbells lives in its schema.
    GRANT USAGE, CREATE ON SCHEMA bullmq TO ${role};
    GRANT SELECT, INSERT, UPDATE ON jobs TO ${role};
    GRANT SELECT, INSERT ON job_events TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE
      ON leader_leases, users, refresh_tokens, signing_keys, stream_tickets, rate_limits TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_links, paused_kinds, worker_heartbeats TO ${role};
    GRANT SELECT, INSERT ON admin_actions TO ${role};
    GRANT SELECT, INSERT, UPDATE ON content_items TO ${role};
    GRANT SELECT, INSERT ON content_material TO ${role};
    GRANT SELECT, INSERT, UPDATE (state, quality, seo, hash) ON content_versions TO ${role};
    GRANT SELECT, INSERT ON content_reviews TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON published_posts TO ${role};
    GRANT SELECT ON published_texts, title_words TO ${role};
    GRANT SELECT ON schema_migrations TO ${role};
    GRANT SELECT, DELETE ON removed_jobs TO ${role};
    REVOKE ALL ON FUNCTION remove_finished_jobs FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION remove_finished_jobs TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bullmq TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA bullmq TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO ${role};
  `);
}

/**
 * A database that was restored into another server brings transaction numbers along that this server has yet to reach.
 * Such events would show up again, as new ones, in the log of all events when it gets there; so they are moved to its
 * beginning. In any other database the index says at once that there are none.
 */
async function renumberRestoredEvents(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE job_events SET xid = '0' WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())`);
}

/** Roles belong to the whole server, so another database's migration may be making the same one at this moment. */
async function createRole(runner: QueryRunner, name: string): Promise<void> {
  const found = (await runner.query('SELECT FROM pg_roles WHERE rolname = $1', [name])) as unknown[];
  if (found.length > 0) return;
  await runner.query(`
    DO $$ BEGIN
      CREATE ROLE ${escapeIdentifier(name)} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);
}

/** Lets the apps' login, and the one used here, `SET ROLE` to the role; who already may is left alone. */
async function letActAs(runner: QueryRunner, role: string, login: string): Promise<void> {
  // Since PostgreSQL 16 being a member is one thing (who makes a role is one) and being allowed to act as it another.
  const logins = (await runner.query(
    `SELECT rolname AS name FROM pg_roles
      WHERE rolname IN (current_user, $2)
        AND NOT pg_has_role(rolname, $1, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)`,
    [role, login],
  )) as { name: string }[];
  for (const { name } of logins) {
    await runner.query(`
      DO $$ BEGIN
        GRANT ${escapeIdentifier(role)} TO ${escapeIdentifier(name)};
      EXCEPTION WHEN unique_violation THEN NULL;
      END $$`);
  }
}

function loginOf(databaseUrl: string): string {
  return URL.canParse(databaseUrl) ? decodeURIComponent(new URL(databaseUrl).username) : '';
}
