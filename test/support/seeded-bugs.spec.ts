import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { checks } from '../faults/checks/index.js';
import { applyEdit, type Bug } from '../faults/bugs/bug.js';
import { bugs } from '../faults/bugs/index.js';

const root = resolve(import.meta.dirname, '../..');

describe('seeded bugs', () => {
  it.each(bugs.map((bug): [string, Bug] => [bug.name, bug]))('%s still fits the sources', (_name, bug) => {
    for (const file of new Set(bug.edits.map((edit) => edit.file))) {
      const source = readFileSync(join(root, file), 'utf8');
      const seeded = bug.edits.filter((edit) => edit.file === file).reduce(applyEdit, source);
      expect(seeded).not.toBe(source);
      const compilerOptions = { experimentalDecorators: true, target: ts.ScriptTarget.ES2024 };
      // Texts: a diagnostic holds the whole tree of the file, which takes jest for ever to print.
      const { diagnostics = [] } = ts.transpileModule(seeded, { compilerOptions, reportDiagnostics: true });
      expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
    }
    expect(bug.fault.backends).toContain(bug.backend);
    expect(bug.caughtBy.filter((check) => checks.includes(check))).not.toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
  });

  it('are refused when what they replace is not there exactly once', () => {
    const edit = { file: 'x.ts', find: 'b', replace: 'c' };
    expect(applyEdit('abd', edit)).toBe('acd');
    expect(() => applyEdit('ad', edit)).toThrow('0 times');
    expect(() => applyEdit('abb', edit)).toThrow('2 times');
  });
});
