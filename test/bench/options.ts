import { Command, InvalidArgumentError, Option } from 'commander';
import type { Backend } from '../support/backends.js';
import type { Benchmark } from './benchmark.js';
import type { Scale } from './stage/stage.js';

export interface Options extends Scale {
  readonly benchmarks: readonly Benchmark[];
  readonly backends: readonly Backend[];
  /** File with the results of an earlier run. */
  readonly baseline?: string;
  /** File that results are kept in; those of some cases alone are not. */
  readonly out: string;
  readonly list: boolean;
  readonly writeDocs: boolean;
}

interface Parsed {
  readonly backend?: Backend;
  readonly rounds?: number;
  readonly case: readonly string[];
  readonly baseline?: string;
  readonly out: string;
  readonly quick?: true;
  readonly list?: true;
  readonly profile?: true;
  readonly writeDocs?: true;
}

/** @param words as on the command line. @throws CommanderError for words that mean nothing, when exitOverride is set. */
export function parseOptions(words: readonly string[], known: readonly Benchmark[], command = new Command()): Options {
  command
    .name('bench')
    .description('Measures Longhaul beside its own parts and its peers, in turns, on this machine.')
    .argument('[names...]', 'benchmarks; none: all')
    .addOption(new Option('--backend <name>', 'only this queue backend').choices(['redis', 'postgres']))
    .option('--rounds <number>', 'rounds of each contender (3; 1 with --quick)', whole)
    .option('--case <text>', 'only cases whose names hold this text; may be repeated; nothing is kept', collect, [])
    .option('--baseline <file>', 'compare with the results kept in this file')
    .option('--out <file>', 'keep the results in this file, in place of older ones', '.longhaul/bench/results.json')
    .option('--quick', 'short rounds and small numbers: whether it works, not how fast it is')
    .option('--profile', 'write CPU profiles of all processes beside their logs; they cost some speed')
    .option('--list', 'print the benchmarks and end')
    .option('--write-docs', 'measure nothing: write docs/benchmarks.md from the results kept in --out')
    .parse(words, { from: 'user' });
  const parsed = command.opts<Parsed>();
  const quick = parsed.quick === true;
  return {
    benchmarks: chosen(command, known),
    backends: parsed.backend === undefined ? ['redis', 'postgres'] : [parsed.backend],
    ...(parsed.baseline !== undefined && { baseline: parsed.baseline }),
    out: parsed.out,
    only: parsed.case,
    list: parsed.list === true,
    writeDocs: parsed.writeDocs === true,
    rounds: parsed.rounds ?? (quick ? 1 : 3),
    ...(quick ? { warmUpMs: 1_000, measureMs: 2_000 } : { warmUpMs: 2_000, measureMs: 5_000 }),
    quick,
    profile: parsed.profile === true,
  };
}

function chosen(command: Command, known: readonly Benchmark[]): readonly Benchmark[] {
  const unknown = command.args.filter((word) => !known.some(({ name }) => name === word));
  if (unknown.length > 0) command.error(`There is no benchmark named ${unknown.join(', ')}: see --list.`);
  return command.args.length === 0 ? known : known.filter(({ name }) => command.args.includes(name));
}

function collect(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, text];
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
