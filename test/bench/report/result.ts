import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Backend } from '../../support/backends.js';
import type { CaseResult } from '../measures.js';
import type { Machine } from './machine.js';

/** One benchmark on one backend, as it was measured. */
export interface BenchmarkResult {
  readonly benchmark: string;
  readonly backend: Backend;
  readonly cases: readonly CaseResult[];
  /** Why it could not be measured to its end. */
  readonly failure?: string;
  /** Only tried out: the numbers are no result. */
  readonly quick: boolean;
  readonly rounds: number;
  /** Commit that was measured, with `+` when the tree had changes. */
  readonly commit: string;
  readonly machine: Machine;
  readonly date: string;
}

/** Results that are kept: the last one of each benchmark on each backend. */
export interface ResultFile {
  readonly results: readonly BenchmarkResult[];
}

/** @returns no results for a file that is not there. @throws Error for anything else than results. */
export async function readResults(path: string): Promise<ResultFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{"results":[]}';
    throw error;
  });
  const parsed = JSON.parse(text) as Partial<ResultFile>;
  if (!Array.isArray(parsed.results)) throw new Error(`${path} holds no results of benchmarks.`);
  return { results: parsed.results };
}

/** Adds results to a file; they replace those of the same benchmark and backend. */
export async function keepResults(path: string, fresh: readonly BenchmarkResult[]): Promise<ResultFile> {
  const merged = mergeResults((await readResults(path)).results, fresh);
  await writeFile(`${path}.new`, `${JSON.stringify({ results: merged }, null, 1)}\n`);
  await rename(`${path}.new`, path);
  return { results: merged };
}

export function mergeResults(old: readonly BenchmarkResult[], fresh: readonly BenchmarkResult[]): BenchmarkResult[] {
  const isReplaced = (one: BenchmarkResult) =>
    fresh.some(({ benchmark, backend }) => benchmark === one.benchmark && backend === one.backend);
  return [...old.filter((one) => !isReplaced(one)), ...fresh];
}
