import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from './process-identity.js';

/**
 * Which processes use the embedded PostgreSQL: one empty file each, `<pid>_<start>_<random>`. A process that was killed
 * leaves its file behind, and whoever looks next removes it. Call under the server's lock.
 */
export class EmbeddedUsers {
  constructor(private readonly folder: string) {}

  /** @returns the name to {@link remove} at the end. */
  async add(): Promise<string> {
    const start = (await processStart(process.pid)) ?? '';
    const name = `${process.pid}_${start}_${randomBytes(4).toString('hex')}`;
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, name), '');
    return name;
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true });
  }

  /** Removes those that ended without a word. @returns how many are left. */
  async sweep(): Promise<number> {
    const names = await readdir(this.folder).catch(() => []);
    let live = 0;
    for (const name of names) {
      const [pid, start] = name.split('_');
      if ((await processStart(Number(pid))) === start) live += 1;
      else await this.remove(name);
    }
    return live;
  }
}
