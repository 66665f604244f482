import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs and their events, users and keys, tickets, leases and limits. Plain SQL: the schema is read here as it is. */
export class Core1700000000001 implements MigrationInterface {
  readonly name = 'Core1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE jobs (
        id               uuid PRIMARY KEY,
        kind             text NOT NULL,
        status           text NOT NULL DEFAULT 'PENDING'
                         CONSTRAINT jobs_status CHECK (status IN ('PENDING', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED')),
        owner_id         text NOT NULL,
        input            jsonb NOT NULL,
        result           jsonb,
        error            jsonb,
        metadata         jsonb NOT NULL DEFAULT '{}',
        progress         jsonb,
        checkpoint       jsonb,
        priority         integer NOT NULL DEFAULT 0,
        run_at           timestamptz NOT NULL DEFAULT now(),
        timeout_seconds  integer NOT NULL CHECK (timeout_seconds > 0),
        deadline_at      timestamptz,
        attempts         integer NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND max_attempts),
        max_attempts     integer NOT NULL CHECK (max_attempts > 0),
        recoveries       integer NOT NULL DEFAULT 0,
        fence            integer NOT NULL DEFAULT 0,
        claim_nonce      uuid,
        lease_expires_at timestamptz,
        worker_id        text,
        last_seq         integer NOT NULL,
        dispatch         integer NOT NULL DEFAULT 1,
        enqueued_at      timestamptz NOT NULL DEFAULT now(),
        idempotency_key  text,
        request_hash     text,
        traceparent      text,
        created_at       timestamptz NOT NULL DEFAULT now(),
        started_at       timestamptz,
        finished_at      timestamptz,
        CONSTRAINT jobs_lease_while_running CHECK ((status = 'RUNNING') = (lease_expires_at IS NOT NULL)),
        CONSTRAINT jobs_finished_when_terminal
          CHECK ((status IN ('SUCCESS', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL))
      ) WITH (fillfactor = 70);

      -- The claim walks owners, and within one owner takes what is due in order.
      CREATE INDEX jobs_pending ON jobs (kind, owner_id, priority DESC, run_at, id) WHERE status = 'PENDING';
      -- Heartbeats change leases all the time, so no index holds lease_expires_at: running rows are few.
      CREATE INDEX jobs_running ON jobs (owner_id) WHERE status = 'RUNNING';
      CREATE INDEX jobs_unfinished ON jobs (owner_id) WHERE status IN ('PENDING', 'RUNNING');
      -- The line of one kind, for positions in it and for the reconciler.
      CREATE INDEX jobs_line ON jobs (kind, priority DESC, run_at, id) WHERE status = 'PENDING';
      CREATE INDEX jobs_of_owner ON jobs (owner_id, id DESC);
      CREATE UNIQUE INDEX jobs_idempotency ON jobs (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

      -- No foreign key to jobs: an event is only ever written by the statement that holds its job's row lock.
      CREATE TABLE job_events (
        job_id  uuid NOT NULL,
        seq     integer NOT NULL,
        type    text NOT NULL,
        level   text NOT NULL DEFAULT 'info',
        message text,
        data    jsonb,
        actor   text NOT NULL,
        at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        -- Orders the events of all jobs in a way that a reader can resume: see JobLog.
        xid     xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (job_id, seq)
      );
      CREATE INDEX job_events_log ON job_events (xid);

      CREATE TABLE leader_leases (
        name       text PRIMARY KEY,
        holder     text NOT NULL,
        expires_at timestamptz NOT NULL
      );

      CREATE TABLE users (
        id            uuid PRIMARY KEY,
        username      text NOT NULL UNIQUE CHECK (username = lower(username)),
        password_hash text NOT NULL,
        roles         text[] NOT NULL,
        -- Goes up with every change of password, roles or state; tokens of an older version are refused.
        auth_version  integer NOT NULL DEFAULT 1,
        disabled_at   timestamptz,
        created_at    timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE refresh_tokens (
        token_hash     text PRIMARY KEY,
        family_id      uuid NOT NULL,
        user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        auth_version   integer NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        -- When the row may be deleted: of a revoked one that is the end of its family.
        expires_at     timestamptz NOT NULL,
        -- The same for the whole family: no token of it lives longer.
        family_ends_at timestamptz NOT NULL,
        used_at        timestamptz,
        -- One revoked token revokes its whole family.
        revoked_at     timestamptz
      );
      CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
      CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);
      CREATE TABLE signing_keys (
        kid         text PRIMARY KEY,
        algorithm   text NOT NULL,
        private_jwk jsonb NOT NULL,
        public_jwk  jsonb NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        retired_at  timestamptz
      );
      CREATE TABLE stream_tickets (
        ticket_hash        text PRIMARY KEY,
        job_id             uuid NOT NULL,
        subject            text NOT NULL,
        username           text NOT NULL,
        roles              text[] NOT NULL,
        issuer             text NOT NULL,
        -- Only for users of the built-in issuer: their row must still be of this version when the ticket is used.
        user_id            uuid REFERENCES users (id) ON DELETE CASCADE,
        auth_version       integer,
        expires_at         timestamptz NOT NULL,
        used_at            timestamptz,
        session_hash       text UNIQUE,
        session_expires_at timestamptz NOT NULL,
        CHECK ((issuer = 'local') = (user_id IS NOT NULL AND auth_version IS NOT NULL))
      );
      CREATE INDEX stream_tickets_expiry ON stream_tickets (session_expires_at);

      -- The layout that rate-limiter-flexible expects. Unlogged: counters may be lost with the server, not waited for.
      CREATE UNLOGGED TABLE rate_limits (
        key    varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      );
    `);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
