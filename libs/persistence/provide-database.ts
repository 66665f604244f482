import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { lock } from 'proper-lockfile';
import type { Config } from '@longhaul/config';
import { choosePlace, makeFolder } from './embedded-place.js';
import { EmbeddedServer, type Settings } from './embedded-server.js';
import { readState, writeState, type EmbeddedState } from './embedded-state.js';
import { EmbeddedUsers } from './embedded-users.js';

/** A database to work with, until `release`. */
export interface ProvidedDatabase {
  /** The configuration with DATABASE_URL and MIGRATION_DATABASE_URL filled in. */
  readonly config: Config;
  readonly embedded: boolean;
  /** Port of the embedded server. */
  readonly port?: number;
  /** URL of the embedded server's superuser. */
  readonly adminUrl?: string;
  /** Says that this process needs the database no more; the last one to say so stops the embedded server. */
  readonly release: () => Promise<void>;
}

/**
 * Gives this process a database: the one that DATABASE_URL names, else the embedded PostgreSQL of DATA_DIR, which all
 * processes share and the first one starts. It listens on 127.0.0.1 only, outlives the process that started it, and has
 * two logins: `longhaul_owner` owns the schema, `longhaul` owns nothing.
 * @param settings for postgresql.conf; in force if this call starts the server.
 * @throws Error when the server cannot be started; the message says why.
 */
export async function provideDatabase(config: Config, settings: Settings = {}): Promise<ProvidedDatabase> {
  if (config.DATABASE_URL !== '') return { config, embedded: false, release: () => Promise.resolve() };
  const dataDir = resolve(config.DATA_DIR);
  const users = new EmbeddedUsers(join(dataDir, 'postgres.users'));
  const { server, port, passwords, user } = await underLock(dataDir, async () => {
    const started = await startPrepared(dataDir, settings);
    return { ...started, user: await users.add() };
  });
  const url = (role: 'longhaul' | 'longhaul_owner') =>
    `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/longhaul`;
  return {
    config: { ...config, DATABASE_URL: url('longhaul'), MIGRATION_DATABASE_URL: url('longhaul_owner') },
    embedded: true,
    port,
    adminUrl: server.urlFor(port),
    release: () =>
      underLock(dataDir, async () => {
        await users.remove(user);
        if ((await users.sweep()) === 0) await server.stop();
      }),
  };
}

/** Starts the server if need be, and sees to it that it has our passwords, roles and database. */
async function startPrepared(dataDir: string, settings: Settings) {
  const place = await choosePlace(dataDir);
  const stateFile = join(dataDir, 'postgres.json');
  const state = await readState(stateFile);
  const { passwords } = state;
  const server = new EmbeddedServer(place, passwords.postgres, join(dataDir, 'postgres.log'), settings);
  state.prepared &&= server.hasData();
  if (!state.prepared) {
    // The passwords are saved before the server learns them: whatever is killed in between can be taken up again.
    await writeState(stateFile, state);
    await (server.hasData() ? server.resetPassword() : server.create());
  }
  const port = await server.start(state.port);
  if (!state.prepared) await createRolesAndDatabase(server.urlFor(port), passwords);
  if (!state.prepared || state.port !== port) await writeState(stateFile, { ...state, port, prepared: true });
  return { server, port, passwords };
}

async function createRolesAndDatabase(url: string, passwords: EmbeddedState['passwords']): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
    const existing = found.rows.map((row) => row.rolname);
    for (const [role, rights] of [
      ['longhaul_owner', 'LOGIN CREATEROLE'],
      ['longhaul', 'LOGIN'],
    ] as const) {
      const verb = existing.includes(role) ? 'ALTER' : 'CREATE';
      await client.query(`${verb} ROLE ${role} ${rights} PASSWORD ${client.escapeLiteral(passwords[role])}`);
    }
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'longhaul'`);
    if (rowCount === 0) await client.query('CREATE DATABASE longhaul OWNER longhaul_owner');
  } finally {
    await client.end();
  }
}

/** How long a lock that somebody holds is waited for, in milliseconds. */
const lockWaitMs = 150_000;

/** One process at a time. A holder that was killed is believed dead after 5 s without a sign of life. */
async function underLock<T>(dataDir: string, action: () => Promise<T>): Promise<T> {
  const unlock = await lockFolder(dataDir);
  try {
    return await action();
  } finally {
    await unlock().catch(() => undefined);
  }
}

/** @throws Error at once when the folder cannot be locked; only a lock that is held is waited for. */
async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const giveUp = Date.now() + lockWaitMs;
  for (let waitMs = 20; ; waitMs = Math.min(150, waitMs * 1.2)) {
    await makeFolder(dataDir);
    try {
      return await lock(dataDir, {
        lockfilePath: join(dataDir, 'postgres.lock'),
        stale: 5_000,
        update: 1_000,
        // A process that was frozen may lose its lock; PostgreSQL's own lock on the data still holds.
        onCompromised: () => undefined,
      });
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') {
        throw new Error(`${dataDir} belongs to another OS user: set DATA_DIR to a folder of your own.`, {
          cause: error,
        });
      }
      // ENOENT: of several processes that found a dead holder's lock, another one has just removed ours along with it.
      if (!['ELOCKED', 'ENOENT'].includes(code) || Date.now() > giveUp) throw error;
      await pause(waitMs);
    }
  }
}
