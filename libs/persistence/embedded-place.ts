import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lchown, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { embeddedBinaries, type Binaries } from './embedded-binaries.js';

/** The OS user that runs the server. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where the server's programs and data are, and who runs it. */
export interface Place {
  readonly data: string;
  readonly binaries: Binaries;
  /** Absent: the current user. */
  readonly account?: Account;
}

const run = promisify(execFile);
const isCluster = (folder: string) => existsSync(join(folder, 'PG_VERSION'));

/**
 * Chooses the place: `<dataDir>/postgres`, run by the current user. PostgreSQL refuses to run as root, so root hands it
 * to another account; what that account cannot reach (a checkout below a 0700 home) is kept in {@link awayFolder}.
 * @throws Error when existing data cannot be reached.
 */
export async function choosePlace(dataDir: string): Promise<Place> {
  const home = await realpath(dataDir);
  const data = join(home, 'postgres');
  const binaries = await embeddedBinaries();
  const account = process.getuid?.() === 0 ? await accountFor(data) : undefined;
  if (account === undefined) return { data, binaries };

  const away = awayFolder(home);
  const reachable = await reaches(account, home);
  if (isCluster(data) && !reachable) {
    throw new Error(`OS user ${account.uid} cannot reach ${data}: allow it to pass (chmod o+x), or set DATA_DIR.`);
  }
  const near = isCluster(data) || (reachable && !isCluster(join(away, 'postgres')));
  if (!near) await makeFolder(away);
  return {
    account,
    data: near ? data : join(away, 'postgres'),
    binaries: (await runs(account, binaries)) ? binaries : await copyBinaries(binaries, away, account),
  };
}

/** Folder for what the server's account cannot reach in the project; one for each data folder. */
export function awayFolder(dataDir: string): string {
  return join('/var/lib/longhaul', createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16));
}

/** Makes a folder that other users may pass through, whatever the umask says. */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const first = await mkdir(folder, { recursive: true });
  for (let made = resolve(folder); first !== undefined && made.length >= first.length; made = dirname(made)) {
    await chmod(made, 0o755);
  }
}

/** The owner of data that is already there, else the system's `postgres` or `nobody`. */
async function accountFor(data: string): Promise<Account> {
  const owner = await stat(data).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and there is no OS user "postgres" or "nobody": set DATABASE_URL, or run as a plain user.',
    );
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

async function reaches(account: Account, folder: string): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** Tries it, since the libraries have to be readable too. */
async function runs(account: Account, binaries: Binaries): Promise<boolean> {
  return run(binaries.postgres, ['--version'], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

async function copyBinaries(binaries: Binaries, away: string, account: Account): Promise<Binaries> {
  const native = dirname(dirname(binaries.postgres));
  const { mtimeMs, size } = await stat(binaries.postgres);
  const copy = join(away, `native-${size}-${Math.trunc(mtimeMs)}`);
  const inCopy = (program: string) => join(copy, 'bin', basename(program));
  if (!existsSync(copy)) {
    await makeFolder(away);
    for (const old of await readdir(away)) {
      if (old.startsWith('native-')) await rm(join(away, old), { recursive: true });
    }
    const half = `${copy}.${randomBytes(4).toString('hex')}`;
    await cp(native, half, { recursive: true, verbatimSymlinks: true });
    await giveTo(account, half);
    await rename(half, copy);
  }
  return { initdb: inCopy(binaries.initdb), postgres: inCopy(binaries.postgres) };
}

async function giveTo(account: Account, folder: string): Promise<void> {
  await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}
