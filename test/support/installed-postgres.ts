import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../apps/cli/src/demo/free-port.js';

const programs = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'];
const startMs = 20_000;

/** Folder with the programs of the newest PostgreSQL installed here the way Debian does it, if there is one. */
export function installedPostgres(): string | undefined {
  const base = '/usr/lib/postgresql';
  const majors = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return majors
    .map((major) => join(base, major, 'bin'))
    .find((folder) => programs.every((name) => existsSync(join(folder, name))));
}

/** A server with a new, empty cluster. */
export interface InstalledServer {
  /** URL of its database `postgres`, as the superuser. */
  readonly adminUrl: string;
  /** Ends it at once and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server of that installation on a free port of 127.0.0.1; as root, under another account. */
export async function startInstalledPostgres(bin: string): Promise<InstalledServer> {
  const account = process.getuid?.() === 0 ? accountForRoot() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-postgres-'));
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  const password = randomBytes(16).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [folder, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const initdb = ['--pgdata', data, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const options = { ...account, cwd: '/', env: {} };
  await promisify(execFile)(join(bin, 'initdb'), [...initdb, '--encoding=UTF8', '--locale=C', '--no-sync'], options);
  const port = await freePort(0, '127.0.0.1');
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
  ];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...options,
    stdio: 'ignore',
  });
  const kill = () => server.kill('SIGQUIT');
  process.once('exit', kill);
  const ended = once(server, 'exit');
  const stop = async () => {
    process.removeListener('exit', kill);
    if (server.exitCode === null && server.signalCode === null) {
      kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  try {
    await answers(adminUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl, stop };
}

function accountForRoot(): { readonly uid: number; readonly gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('There is no OS user "postgres" or "nobody".');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + startMs; ;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
