import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Tests of the console run what was built. @throws Error that says what to run. */
export function refuseStaleConsole(): void {
  const built = join(root, 'dist/console/routes.json');
  const sources = join(root, 'apps/console');
  const newest = Math.max(
    ...readdirSync(sources, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(md|spec\.ts|d\.ts)$/.test(entry.name))
      .map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs),
  );
  const isStale = !existsSync(built) || statSync(built).mtimeMs < newest;
  if (isStale && process.env.TEST_STALE_BUILD !== 'allow') {
    throw new Error('The console is not built, or older than its sources: run "npm run build:console" first.');
  }
}
