// Finds a redis-server for the tests, or gets Debian's without installing it. Runs on an old Node.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const downloadTimeoutMs = 60000;

/**
 * @param {string} folder where {@link fetchRedis} unpacks one.
 * @returns {{path: string, env: object} | undefined} a redis-server that runs, and the environment that it needs.
 */
function findRedis(folder) {
  const libraries = path.join(folder, 'usr/lib');
  const inLibraries = fs.existsSync(libraries) ? fs.readdirSync(libraries) : [];
  const unpackedEnv = Object.assign({}, process.env, {
    LD_LIBRARY_PATH: inLibraries.map((name) => path.join(libraries, name)).join(':'),
  });
  return [
    { path: 'redis-server', env: process.env },
    { path: path.join(folder, 'usr/bin/redis-server'), env: unpackedEnv },
  ].find((candidate) => spawnSync(candidate.path, ['--version'], { env: candidate.env }).status === 0);
}

/**
 * Downloads Debian's packages and unpacks them: needs no root, changes nothing on the machine, starts no service.
 * @returns {boolean} whether there is a redis-server now. Takes a few minutes at most, also without a network.
 */
function fetchRedis(folder) {
  if (!runs('apt-get', ['--version']) || !runs('dpkg-deb', ['--version'])) return false;
  const half = `${folder}.half`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.mkdirSync(path.join(half, 'lists/partial'), { recursive: true });
  fs.mkdirSync(path.join(half, 'cache/archives/partial'), { recursive: true });
  fs.mkdirSync(path.join(half, 'root'));
  // The system's package lists may be old or missing; lists of our own can be updated without root.
  const ownLists = ['-o', `Dir::State::Lists=${half}/lists`, '-o', `Dir::Cache=${half}/cache`];
  const fetched =
    download(half, []) || (apt(half, ['update'].concat(ownLists)).status === 0 && download(half, ownLists));
  if (fetched) fs.rmSync(folder, { recursive: true, force: true });
  if (fetched) fs.renameSync(path.join(half, 'root'), folder);
  fs.rmSync(half, { recursive: true, force: true });
  return findRedis(folder) !== undefined;
}

/** Downloads and unpacks the server with the libraries that this machine misses. */
function download(half, options) {
  const wanted = ['redis-server', 'redis-tools'];
  const listed = spawnSync('apt-cache', options.concat('depends', wanted), { cwd: half, timeout: downloadTimeoutMs });
  const needed = String(listed.stdout).match(/Depends: lib\S+/g) || [];
  const missing = new Set(needed.map((line) => line.replace('Depends: ', '')).filter((name) => !isInstalled(name)));
  if (apt(half, ['download'].concat(options, wanted, Array.from(missing))).status !== 0) return false;
  const packages = fs.readdirSync(half).filter((name) => name.endsWith('.deb'));
  return packages.every((name) => runs('dpkg-deb', ['-x', path.join(half, name), path.join(half, 'root')]));
}

function apt(cwd, args) {
  const limits = [
    '-q',
    '-o',
    'Acquire::http::Timeout=15',
    '-o',
    'Acquire::https::Timeout=15',
    '-o',
    'Acquire::Retries=1',
  ];
  return spawnSync('apt-get', limits.concat(args), { cwd, timeout: downloadTimeoutMs, stdio: 'ignore' });
}

function isInstalled(name) {
  const found = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}\n', name]);
  return found.status === 0 && String(found.stdout).includes('installed');
}

function runs(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

module.exports = { findRedis, fetchRedis };
