import { Command } from 'commander';
import { parseOptions } from './options.js';
import type { Benchmark } from './benchmark.js';

const known = ['submit', 'read'].map((name): Benchmark => ({
  name,
  title: '',
  backends: ['redis', 'postgres'],
  run: () => Promise.resolve(),
}));

function parse(...words: string[]) {
  const quiet = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  return parseOptions(words, known, quiet);
}

describe('options of the benchmarks', () => {
  it('measures everything on both backends, three rounds, unless told otherwise', () => {
    const options = parse();
    expect(options.benchmarks).toEqual(known);
    expect(options).toMatchObject({ backends: ['redis', 'postgres'], rounds: 3, quick: false, list: false });
  });

  it('measures what is named, in the order of the list', () => {
    expect(parse('read', 'submit').benchmarks.map(({ name }) => name)).toEqual(['submit', 'read']);
    expect(parse('--case', '16', '--case', '64').only).toEqual(['16', '64']);
    expect(parse('read', '--backend', 'postgres')).toMatchObject({ backends: ['postgres'] });
  });

  it('shortens a quick run, whose rounds may still be given', () => {
    expect(parse('--quick')).toMatchObject({ rounds: 1, quick: true });
    expect(parse('--quick', '--rounds', '2').rounds).toBe(2);
    expect(parse('--quick').measureMs).toBeLessThan(parse().measureMs);
  });

  it.each([[['write']], [['--backend', 'kafka']], [['--rounds', '0']], [['--rounds', '2.5']], [['--fast']]])(
    'refuses %j',
    (words) => {
      expect(() => parse(...words)).toThrow();
    },
  );
});
