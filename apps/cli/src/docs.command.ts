import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Command } from 'commander';

/** The api describes itself, so its own build writes the reference; it needs no database. */
const writer = 'dist/bundle/reference.js';

/** `docs`: writes what is generated of the documentation. */
export function docsCommand(): Command {
  return new Command('docs')
    .description('Writes docs/reference and the configuration table of the README.')
    .option('--into <folder>', 'where README.md and docs/ are', '.')
    .action(({ into }: { into: string }) => {
      const { status } = spawnSync(process.execPath, [resolve(writer), into], { stdio: 'inherit' });
      if (status !== 0) throw new Error('The reference could not be written.');
    });
}
