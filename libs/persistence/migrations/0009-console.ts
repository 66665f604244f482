import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the console needs: links that sign in, paused kinds, what admins did, what workers say of themselves. */
export class Console1700000000009 implements MigrationInterface {
  readonly name = 'Console1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_in_links (
        ticket_hash  text PRIMARY KEY,
        user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        -- The user's row must still be of this version when the link is used.
        auth_version integer NOT NULL,
        expires_at   timestamptz NOT NULL
      );
      CREATE INDEX sign_in_links_expiry ON sign_in_links (expires_at);

      -- A kind that is here is accepted and waits: the claim looks here in its own statement.
      CREATE TABLE paused_kinds (
        kind      text PRIMARY KEY,
        reason    text,
        paused_by text NOT NULL,
        paused_at timestamptz NOT NULL DEFAULT now()
      );

      -- What admins did to anything but a task or content, which have histories of their own. The apps may only add to it.
      CREATE TABLE admin_actions (
        id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor   text NOT NULL,
        action  text NOT NULL,
        -- A kind, or the id of a user.
        subject text NOT NULL,
        data    jsonb NOT NULL DEFAULT '{}'
      );

      -- A row for each worker process that runs, written every few seconds: it may be lost with the server.
      CREATE UNLOGGED TABLE worker_heartbeats (
        worker_id  text PRIMARY KEY,
        host       text NOT NULL,
        kinds      text[] NOT NULL,
        -- [{ host, state, since }]: circuit breakers of this process that are not closed.
        breakers   jsonb NOT NULL DEFAULT '[]',
        started_at timestamptz NOT NULL DEFAULT now(),
        seen_at    timestamptz NOT NULL DEFAULT now()
      );

      -- Ends that were no success are counted apart: they are rare, and a sample of all ends would miss them.
      CREATE INDEX jobs_not_succeeded_ended ON jobs (finished_at) WHERE status IN ('FAILED', 'CANCELLED');
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
