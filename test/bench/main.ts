import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { benchmarks } from './benchmarks/index.js';
import { parseOptions, type Options } from './options.js';
import { comparison } from './report/baseline.js';
import { benchmarksPage } from './report/docs.js';
import { goalTable } from './report/goal-table.js';
import { keepResults, readResults, type BenchmarkResult } from './report/result.js';
import { caseTable } from './report/table.js';
import { runBenchmarks } from './run-benchmarks.js';

const root = resolve(import.meta.dirname, '../..');
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const options = parseOptions(process.argv.slice(2), benchmarks);
const out = resolve(options.out);
if (options.list) list(options);
else if (options.writeDocs) await writeDocs();
else process.exitCode = await run(options);

/** @returns the exit code: 1 when a benchmark could not be measured. Slow is no failure. */
async function run(options: Options): Promise<number> {
  const stopping = new AbortController();
  // `on`, not `once`: npm hands on the Ctrl-C that the terminal has sent already, and the second one must not kill.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const baseline = options.baseline === undefined ? undefined : (await readResults(options.baseline)).results;
  const folder = resolve(root, '.longhaul/bench');
  await mkdir(dirname(out), { recursive: true });
  const results: BenchmarkResult[] = [];
  await runBenchmarks({
    ...options,
    folder,
    signal: stopping.signal,
    say: print,
    onResult: async (result) => {
      results.push(result);
      for (const one of result.cases)
        print(`\n${result.benchmark} [${result.backend}] ${one.name}\n\n${caseTable(one)}`);
      print('');
      if (options.only.length === 0) await keepResults(out, [result]);
    },
  });
  const goals = goalTable(results, false);
  if (goals !== '') print(goals);
  if (baseline !== undefined) print(`\n${comparison(results, baseline)}`);
  if (options.quick) print('\nA quick run: the numbers are no result.');
  return stopping.signal.aborted || results.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

async function writeDocs(): Promise<void> {
  const { results } = await readResults(out);
  await writeFile(resolve(root, 'docs/benchmarks.md'), benchmarksPage(benchmarks, results));
}

function list({ benchmarks: chosen }: Options): void {
  const width = Math.max(...chosen.map(({ name }) => name.length));
  for (const { name, title, backends } of chosen) {
    print(`${name.padEnd(width)}  ${title}${backends.length < 2 ? ` (${backends.join()} only)` : ''}`);
  }
}
