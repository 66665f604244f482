import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Backend } from '../support/backends.js';
import { withServers } from '../faults/play-all.js';
import type { Servers } from '../faults/stage/stage.js';
import type { Benchmark } from './benchmark.js';
import { describeCommit, describeMachine, type Machine } from './report/machine.js';
import type { BenchmarkResult } from './report/result.js';
import { Stage, type Scale } from './stage/stage.js';

export interface Run extends Scale {
  readonly benchmarks: readonly Benchmark[];
  readonly backends: readonly Backend[];
  /** Of servers and logs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Hears of each benchmark as soon as it has ended. */
  readonly onResult: (result: BenchmarkResult) => Promise<void>;
}

/** Runs benchmarks one after the other; one that fails does not keep the others from running. */
export async function runBenchmarks(run: Run): Promise<void> {
  await mkdir(run.folder, { recursive: true });
  await withServers(run.folder, async (servers) => {
    const about = { machine: await describeMachine(servers, run.folder), commit: await describeCommit() };
    for (const benchmark of run.benchmarks) {
      for (const backend of run.backends.filter((one) => benchmark.backends.includes(one))) {
        if (run.signal.aborted) return;
        await run.onResult(await measured(servers, benchmark, backend, run, about));
      }
    }
  });
}

async function measured(
  servers: Servers,
  benchmark: Benchmark,
  backend: Backend,
  run: Run,
  about: { readonly machine: Machine; readonly commit: string },
): Promise<BenchmarkResult> {
  const { rounds, say } = run;
  const date = new Date().toISOString();
  const logFolder = join(run.folder, 'logs', `${date.replaceAll(/[:.]/g, '-')}-${benchmark.name}-${backend}`);
  await mkdir(logFolder, { recursive: true });
  say(`${benchmark.name} [${backend}] ${benchmark.title}`);
  const options = { ...run, backend, logFolder };
  const stage = new Stage(servers, options, await servers.postgres.pid());
  const failure = await completed(benchmark, stage, run.signal);
  if (failure !== undefined) say(`  FAILED: ${failure}\n  logs: ${relative(process.cwd(), logFolder)}`);
  const { cases } = stage;
  return {
    benchmark: benchmark.name,
    backend,
    cases,
    ...(failure !== undefined && { failure }),
    quick: run.quick,
    rounds,
    date,
    ...about,
  };
}

/** @returns why the benchmark could not be completed. */
async function completed(benchmark: Benchmark, stage: Stage, signal: AbortSignal): Promise<string | undefined> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  stopped.catch(() => undefined);
  try {
    if (stage.backend === 'redis' && stage.servers.redis === undefined) throw new Error('needs redis-server');
    await stage.emptyRedis();
    await Promise.race([benchmark.run(stage), stopped]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await stage.close();
  }
}
