import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Room for a cluster, the logs of a long run, and little else. */
const megabytes = 512;
/** Root's, and everybody may pass through it: PostgreSQL runs as another user, who may not reach the checkout. */
const parent = '/run/longhaul-faults';

/** Whether this process may mount a tmpfs; tried in a mount namespace that ends at once. */
export function mayMount(): boolean {
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/run']).status === 0;
}

/** A tmpfs that can be full. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Mounts it; whatever a killed run left there is ended and removed. @throws Error when it cannot be mounted. */
  static mount(name: string): SmallDisk {
    const disk = new SmallDisk(join(parent, name));
    disk.remove();
    mkdirSync(disk.folder, { recursive: true });
    const options = `size=${megabytes}m,mode=0755`;
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'longhaul-faults', disk.folder]);
    if (status !== 0) throw new Error(`No tmpfs could be mounted on ${disk.folder}: ${String(stderr)}`);
    return disk;
  }

  /** Leaves no byte free. */
  async fill(): Promise<void> {
    const ballast = await open(this.ballast, 'a');
    try {
      // Whatever does not fit as a large piece may as pages, which are what a tmpfs counts.
      for (const bytes of [1_048_576, 4_096]) await writeUntilFull(ballast, bytes);
    } finally {
      await ballast.close();
    }
  }

  /** Takes the ballast away. */
  async clear(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  /** Ends the PostgreSQL that may still be on it, and unmounts it. Waits for nothing: exit hooks can call it. */
  remove(): void {
    this.killPostgres();
    // Lazy: the processes that have just been killed may need a moment to let go of their files.
    spawnSync('umount', ['--lazy', this.folder], { stdio: 'ignore' });
    for (const folder of [this.folder, parent]) {
      try {
        rmdirSync(folder);
      } catch {
        // It was not there, or another run has its disk beside this one.
      }
    }
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }

  private killPostgres(): void {
    try {
      const [pid] = readFileSync(join(this.folder, 'postgres/postgres/postmaster.pid'), 'utf8').split('\n');
      // After a crash the file stays, and its pid may by now be anybody's.
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.folder)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // None runs.
    }
  }
}

async function writeUntilFull(file: FileHandle, bytes: number): Promise<void> {
  const piece = Buffer.alloc(bytes);
  try {
    for (;;) await file.write(piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
