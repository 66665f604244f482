import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StagePostgres } from './stage/postgres.js';
import { SmallDisk } from './stage/small-disk.js';
import type { Servers } from './stage/stage.js';

/** Runs an action with a PostgreSQL on a small disk of its own; nothing of both is left. @param logFolder gets its log. */
export async function onSmallDisk<T>(
  servers: Servers,
  logFolder: string,
  action: (servers: Servers) => Promise<T>,
): Promise<T> {
  await mkdir(logFolder, { recursive: true });
  // No two runs share a server, so neither do they share this name; and the next run in its place finds what was left.
  const disk = SmallDisk.mount(createHash('sha256').update(servers.postgres.dataFolder).digest('hex').slice(0, 16));
  const remove = () => disk.remove();
  process.once('exit', remove);
  try {
    const postgres = await StagePostgres.start(disk.folder);
    try {
      if (!postgres.dataFolder.startsWith(`${disk.folder}/`)) throw new Error(`It is in ${postgres.dataFolder}.`);
      return await action({ ...servers, postgres, disk });
    } finally {
      await disk.clear();
      await postgres.stop();
      await copyFile(join(disk.folder, 'postgres/postgres.log'), join(logFolder, 'postgres.log'));
    }
  } finally {
    remove();
    process.off('exit', remove);
  }
}
