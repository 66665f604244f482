import type { Environment } from '../../faults/stage/app.js';
import type { Benchmark } from '../benchmark.js';
import type { Contender, Round } from '../measures.js';
import { noopBody } from '../load/bodies.js';
import { Load, type LoadPlan } from '../load/load.js';
import { UsualWay } from '../peers/http-peers.js';
import { QueueLibrary } from '../peers/queue-library.js';
import { CpuMeter, perUnit, type Metered } from '../stage/cpu.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

/** Connections that submit, or callers that add. */
const callers = 64;
const warmUpMs = 1_000;

export const noop: Benchmark = {
  name: 'noop',
  title: 'Jobs that end at once, submitted and run together, 64 callers: from the first submit to the last end',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const contenders = [await throughLonghaul(stage, load)];
    for (const name of [`bullmq-${stage.backend}`, 'graphile-worker', 'graphile-worker-batched', 'pg-boss']) {
      contenders.push(await library(stage, name));
    }
    if (stage.backend === 'redis') contenders.push(await usualWay(stage, load));
    await stage.compare('submit and run together', contenders);
  },
};

/** Something that takes jobs over HTTP, and knows when they have ended. */
interface Target {
  readonly url: string;
  readonly metered: readonly Metered[];
  drained(): Promise<void>;
  outcome(since: number): Promise<{ readonly count: number; readonly lastEndAt: number }>;
}

/** @param settings of the api and the worker, by their difference from production; the worker's own go over them. */
export async function throughLonghaul(
  stage: Stage,
  load: Load,
  { name = 'longhaul', settings = {}, workerSettings = {} }: LonghaulOptions = {},
): Promise<Contender> {
  const product = await Product.open(stage, 'source', settings);
  await product.startApi();
  await product.startWorker(workerSettings);
  return overHttp(stage, load, name, product, { paths: ['/tasks'], tokens: product.tokens });
}

async function usualWay(stage: Stage, load: Load): Promise<Contender> {
  const usual = await UsualWay.start(stage);
  await usual.startWorker();
  return overHttp(stage, load, 'usual-way', usual, { paths: ['/jobs'], tokens: [usual.token] });
}

interface LonghaulOptions {
  readonly name?: string;
  readonly settings?: Environment;
  readonly workerSettings?: Environment;
}

async function overHttp(
  stage: Stage,
  load: Load,
  name: string,
  target: Target,
  where: Pick<LoadPlan, 'paths' | 'tokens'>,
): Promise<Contender> {
  const submit = (measureMs: number) =>
    load.run({
      ...where,
      url: target.url,
      method: 'POST',
      body: noopBody,
      connections: callers,
      expect: 202,
      warmUpMs: 0,
      measureMs,
    });
  await submit(warmUpMs);
  await target.drained();
  return {
    name,
    round: async () => {
      const meter = new CpuMeter([...target.metered, load.metered]);
      const { startedAt, answers, seconds } = await submit(stage.options.measureMs);
      await target.drained();
      const { count, lastEndAt } = await target.outcome(startedAt);
      return roundOf(meter, { count, startedAt, lastEndAt, submitted: answers / seconds });
    },
  };
}

async function library(stage: Stage, name: string): Promise<Contender> {
  const peer = await QueueLibrary.start(stage, name);
  await peer.startWorker();
  await peer.add(callers, warmUpMs);
  await peer.drained();
  return {
    name,
    round: async () => {
      const meter = new CpuMeter(peer.metered);
      const { count, startedAt, endedAt } = await peer.add(callers, stage.options.measureMs);
      const { lastAt } = await peer.drained();
      const submitted = (count * 1000) / (endedAt - startedAt);
      return roundOf(meter, { count, startedAt, lastEndAt: lastAt, submitted });
    },
  };
}

function roundOf(
  meter: CpuMeter,
  done: { readonly count: number; readonly startedAt: number; readonly lastEndAt: number; readonly submitted: number },
): Round {
  const { count, startedAt, lastEndAt, submitted } = done;
  return {
    values: { jobs_per_second: (count * 1000) / (lastEndAt - startedAt), submitted_per_second: submitted },
    cpu: perUnit(meter.read(), count),
  };
}
