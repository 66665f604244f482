import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { benchmarks } from '../bench/benchmarks/index.js';
import { goals } from '../bench/goals.js';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');

describe('docs/benchmarks.md', () => {
  it.each(benchmarks.map(({ name, title }) => [name, title]))('tells of %s', (name, title) => {
    expect(page).toContain(`## ${name}\n\n${title}.\n`);
  });

  it('has goals of benchmarks that exist, on backends on which they run', () => {
    for (const goal of goals) {
      const benchmark = benchmarks.find(({ name }) => name === goal.benchmark);
      expect(benchmark?.backends).toContain(goal.backend);
    }
  });
});
