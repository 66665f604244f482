import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { aliases, swcOptions } from './test/support/compiler.mjs';

// swc compiles the TypeScript, and every package that is ESM only, to CommonJS: plain `jest` works without flags.
const esmPackages = new Set();
function collectEsmPackages(folder) {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const scoped = (name) => readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`);
  for (const name of names.flatMap((name) => (name.startsWith('@') ? scoped(name) : [name]))) {
    const manifest = join(folder, name, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module') esmPackages.add(name);
    collectEsmPackages(join(folder, name, 'node_modules'));
  }
}
collectEsmPackages(resolve(import.meta.dirname, 'node_modules'));

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testTimeout: 30_000,
  // Most tests wait for processes most of the time; jest's own choice on two cores is one worker.
  maxWorkers: 3,
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
  // Faults take long and have a command of their own.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/test/faults/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.longhaul/'],
  transform: {
    '\\.ts$': ['@swc/jest', { ...swcOptions('commonjs'), sourceMaps: 'inline' }],
    '\\.m?js$': '<rootDir>/test/support/package-transformer.mjs',
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/)?(?:${[...esmPackages].map(escape).join('|')})/)`],
  moduleNameMapper: {
    ...Object.fromEntries(Object.entries(aliases).map(([alias, file]) => [`^${escape(alias)}$`, file])),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};
