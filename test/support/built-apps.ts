import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** Where processes of tests keep what V8 compiled, so that the next one starts with less work: `NODE_COMPILE_CACHE`. */
export const compileCache = join(root, '.longhaul/compile-cache');

/** What `npm run build` makes of the two apps. */
export const builtApps = {
  api: join(dist, 'bundle/api.js'),
  worker: join(dist, 'bundle/worker.js'),
} as const;

/**
 * Black-box tests run what was built: without a build, or with one that is older than its sources, they would test
 * something else. TEST_STALE_BUILD=allow turns the second refusal off.
 * @throws Error that says what to run.
 */
export function refuseStaleBuild(): void {
  for (const file of Object.values(builtApps)) {
    if (!existsSync(file)) throw new Error(`${relative(root, file)} is missing: run "npm run build" first.`);
  }
  // A build writes every file anew and the bundles last, so the older of them is as old as the build.
  const builtAt = Math.min(...Object.values(builtApps).map((file) => statSync(file).mtimeMs));
  const folders = ['apps/api', 'apps/worker', 'libs'].map((folder) => join(dist, folder));
  const sources = folders.flatMap((folder) => [...files(folder, '.js')]).map(sourceOf);
  const changed = sources.filter((file) => existsSync(file) && statSync(file).mtimeMs > builtAt);
  if (changed.length === 0 || process.env.TEST_STALE_BUILD === 'allow') return;
  const named = changed.slice(0, 5).map((file) => relative(root, file));
  throw new Error(`The build is older than ${named.join(', ')}: run "npm run build" first.`);
}

function sourceOf(built: string): string {
  return join(root, relative(dist, built).replace(/\.js$/, '.ts'));
}

function* files(folder: string, ending: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, ending);
    else if (path.endsWith(ending) && !path.endsWith(`.spec${ending}`)) yield path;
  }
}
