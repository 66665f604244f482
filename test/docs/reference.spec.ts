import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { contentStates } from '@longhaul/content';
import { refuseStaleBuild } from '../support/built-apps.js';
import { anchorsOf, documents, proseOf } from './markdown-files.js';

// The generator is a process of its own, on a machine that may be busy.
jest.setTimeout(60_000);

describe('the documentation', () => {
  let folder: string;
  beforeAll(() => {
    refuseStaleBuild();
    folder = mkdtempSync(join(tmpdir(), 'longhaul-docs-'));
    copyFileSync('README.md', join(folder, 'README.md'));
    const { status, stderr } = spawnSync(process.execPath, ['dist/bundle/reference.js', folder]);
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('its reference is what "npm run docs" writes', () => {
    const names = readdirSync('docs/reference');
    expect(names.sort()).toEqual(readdirSync(join(folder, 'docs/reference')).sort());
    for (const file of ['README.md', ...names.map((name) => join('docs/reference', name))]) {
      // Compared line by line: a difference in a large file is then readable.
      const [written, kept] = [join(folder, file), file].map((path) => readFileSync(path, 'utf8').split('\n'));
      expect({ file, lines: kept }).toEqual({ file, lines: written });
    }
  });

  test('every relative link leads to a file, and to a heading of it', () => {
    const all = new Map(documents().map(({ path, text }) => [path, text]));
    const broken: string[] = [];
    for (const [path, text] of all) {
      for (const [, link] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [name, anchor] = link.split('#');
        const target = name === '' ? path : normalize(join(dirname(path), name));
        const isThere = existsSync(target) && (!anchor || anchorsOf(all.get(target) ?? '').includes(anchor));
        if (!isThere) broken.push(`${path}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('every source file that it names is there', () => {
    const missing = documents().flatMap(({ path, text }) =>
      [...text.matchAll(/`((?:apps|libs|test|tools)\/[\w./-]+\.(?:[cm]?[jt]s))`/g)]
        // The recipe's own example.
        .filter(([, file]) => !file.startsWith('libs/kinds/word_count/') && !existsSync(file))
        .map(([, file]) => `${path}: ${file}`),
    );
    expect(missing).toEqual([]);
  });

  test('every npm script that it names exists', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const unknown = documents().flatMap(({ path, text }) =>
      [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test|start)\b)/g)]
        .map(([, script, short]) => script ?? short)
        .filter((script) => scripts[script] === undefined)
        .map((script) => `${path}: ${script}`),
    );
    expect(unknown).toEqual([]);
  });

  test('every variable that it names is one that Longhaul reads, or Docker Compose', () => {
    const compose = [...readFileSync('docker-compose.yml', 'utf8').matchAll(/\$\{(\w+)/g)].map(
      ([, name]) => `\`${name}\``,
    );
    const known = readFileSync('docs/reference/configuration.md', 'utf8') + compose.join();
    const unknown = documents().flatMap(({ path, text }) =>
      [...text.matchAll(/(?:`|export )([A-Z][A-Z\d]*_[A-Z\d_]+)(?=[`=])/g)]
        // A state is written like one.
        .filter(([, name]) => !known.includes(`\`${name}\``) && !(contentStates as readonly string[]).includes(name))
        .map(([, name]) => `${path}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
