import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Place } from './embedded-place.js';
import { commandLine, processStart } from './process-identity.js';

/** Values for postgresql.conf, given on the command line. */
export type Settings = Readonly<Record<string, string>>;

const host = '127.0.0.1';
const startPatienceMs = 30_000;
const stopPatienceMs = 30_000;
const pollMs = 25;

const ownSettings: Settings = {
  listen_addresses: host,
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  jit: 'off',
};

/** One PostgreSQL server of ours. Nothing here takes the lock: callers hold it. */
export class EmbeddedServer {
  /**
   * @param password of the superuser `postgres`. The server proves by scram that it knows it too, so whoever answers
   *   to it on our port is ours.
   * @param logFile what the server writes; added to.
   */
  constructor(
    private readonly place: Place,
    private readonly password: string,
    private readonly logFile: string,
    private readonly settings: Settings,
  ) {}

  hasData(): boolean {
    return existsSync(this.place.data);
  }

  /** Makes the data folder, in one step: a kill in the middle leaves a folder that the next call removes. */
  async create(): Promise<void> {
    const parent = dirname(this.place.data);
    const half = `${basename(this.place.data)}.half-`;
    for (const name of await readdir(parent)) {
      if (name.startsWith(half)) await rm(join(parent, name), { recursive: true });
    }
    const folder = await mkdtemp(join(parent, half));
    const passwordFile = join(folder, 'password');
    const data = join(folder, 'data');
    await writeFile(passwordFile, this.password, { mode: 0o600 });
    await mkdir(data, { mode: 0o700 });
    for (const path of [folder, passwordFile, data]) await this.giveAway(path);
    const options = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, `--pgdata=${data}`];
    // The same order and case rules on every system, whatever locales it has.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const sync = this.settings.fsync === 'off' ? ['--no-sync'] : [];
    await this.run(this.place.binaries.initdb, [...options, ...locale, ...sync]);
    await rename(data, this.place.data);
    await rm(folder, { recursive: true });
  }

  /** Sets the superuser's password without knowing the old one; stops the server for it. */
  async resetPassword(): Promise<void> {
    await this.stop();
    const { postgres } = this.place.binaries;
    const single = this.run(postgres, ['--single', '-D', this.place.data, 'postgres']);
    single.child.stdin?.end(`ALTER ROLE postgres PASSWORD '${this.password}'\n`);
    await single;
  }

  /**
   * Finds the server running, or starts it.
   * @param wantedPort taken if it is free.
   * @returns the port it listens on.
   * @throws Error with the end of the server's log when it does not come up.
   */
  async start(wantedPort: number): Promise<number> {
    const giveUp = Date.now() + startPatienceMs;
    while (Date.now() < giveUp) {
      const running = await this.running();
      if (running === undefined) {
        await this.launch(await freePort(wantedPort), giveUp);
      } else if (running.port !== undefined && (await this.answers(running.port))) {
        return running.port;
      }
      // A server that was killed needs a moment until its last process has let go of the data.
      await delay(pollMs);
    }
    const log = await readFile(this.logFile, 'utf8').catch(() => '');
    throw new Error(
      `The embedded PostgreSQL does not start. End of ${this.logFile}:\n${log.trim().split('\n').slice(-8).join('\n')}`,
    );
  }

  /** Cuts all connections, writes everything down and waits until the server has ended. */
  async stop(): Promise<void> {
    const running = await this.running();
    if (running === undefined) return;
    process.kill(running.pid, 'SIGINT');
    const giveUp = Date.now() + stopPatienceMs;
    while ((await processStart(running.pid)) !== undefined) {
      if (Date.now() > giveUp) throw new Error(`The embedded PostgreSQL (pid ${running.pid}) does not stop.`);
      await delay(pollMs);
    }
  }

  urlFor(port: number): string {
    return `postgres://postgres:${this.password}@${host}:${port}/postgres`;
  }

  /** The postmaster of our data folder, if there is a live one; its port comes a moment after its pid. */
  private async running(): Promise<{ pid: number; port: number | undefined } | undefined> {
    const lines = await readFile(join(this.place.data, 'postmaster.pid'), 'utf8').then(
      (text) => text.split('\n'),
      () => [],
    );
    const pid = Number(lines[0]);
    // After a crash the file stays, and its pid may by now be anybody's.
    if (!(pid > 0) || !(await commandLine(pid)).includes(this.place.data)) return undefined;
    return { pid, port: Number(lines[3]) || undefined };
  }

  /** Starts it once, and comes back when it answers or has ended. */
  private async launch(port: number, giveUp: number): Promise<void> {
    const log = await open(this.logFile, 'a', 0o600);
    const settings = Object.entries({ ...ownSettings, ...this.settings, port: String(port) });
    const child = spawn(
      this.place.binaries.postgres,
      ['-D', this.place.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...this.place.account, cwd: '/', env: {}, detached: true, stdio: ['ignore', log.fd, log.fd] },
    );
    await once(child, 'spawn').finally(() => log.close());
    child.unref();
    while (isAlive(child) && Date.now() < giveUp && !(await this.answers(port))) await delay(pollMs);
  }

  private async answers(port: number): Promise<boolean> {
    const client = new Client({
      connectionString: this.urlFor(port),
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private run(program: string, args: string[]) {
    return promisify(execFile)(program, args, { ...this.place.account, cwd: '/', env: {} });
  }

  private async giveAway(path: string): Promise<void> {
    const { account } = this.place;
    if (account !== undefined) await chown(path, account.uid, account.gid);
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** @returns `wanted` if nobody listens there, else a port that the system chose. */
export async function freePort(wanted: number): Promise<number> {
  const listener = createServer();
  try {
    listener.listen(wanted, host);
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  } catch (error) {
    if (wanted === 0) throw error;
    return await freePort(0);
  } finally {
    listener.close();
  }
}
