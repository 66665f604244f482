// `node tools/runtime-packages.mjs FOLDER`: puts together what an image needs to run the bundles, after `npm run build`:
// the bundles, and of node_modules only what they load from there, with what that needs itself.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const [to] = process.argv.slice(2);
if (to === undefined) throw new Error('usage: node tools/runtime-packages.mjs FOLDER');

const { version, dependencies: inProduction } = readJson('package.json');
const external = readJson('dist/bundle/external.json');
/** Not those for development, and not the embedded PostgreSQL: in production there is one of one's own. */
const wanted = Object.keys(inProduction).filter((name) =>
  external.some((one) => name === one || (one.endsWith('/*') && name.startsWith(one.slice(0, -1)))),
);

const folders = new Set();
for (const name of wanted) collect(name, 'node_modules');

mkdirSync(to, { recursive: true });
writeFileSync(
  join(to, 'package.json'),
  `${JSON.stringify({ name: 'longhaul', version, private: true, type: 'module' })}\n`,
);
cpSync('dist/bundle', join(to, 'dist/bundle'), { recursive: true });
for (const folder of folders) cpSync(folder, join(to, folder), { recursive: true });

// What is missing shows here, not in production. A package of files alone has nothing to load.
const require = createRequire(resolve(to, 'package.json'));
for (const name of wanted) {
  const { main, exports } = readJson(join(to, 'node_modules', name, 'package.json'));
  if (main !== undefined || exports !== undefined) require(name);
}
process.stdout.write(`${[...folders].map((folder) => folder.replace('node_modules/', '')).join(', ')}\n`);

/**
 * The package, and what it depends on; optional packages are those that npm found to fit this system. Of peers that are
 * optional it gets those that we use ourselves: Bull Board loads BullMQ.
 */
function collect(name, from) {
  const folder = findPackage(name, from);
  if (folder === undefined || folders.has(folder)) return;
  folders.add(folder);
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = readJson(
    join(folder, 'package.json'),
  );
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    if (!peerDependenciesMeta?.[needed]?.optional || needed in inProduction)
      collect(needed, join(folder, 'node_modules'));
}

/** As Node looks for it: in the nearest node_modules first. */
function findPackage(name, from) {
  for (let place = from; ; place = dirname(place)) {
    if (existsSync(join(place, name, 'package.json'))) return join(place, name);
    if (place === '.') return undefined;
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
