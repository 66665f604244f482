import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { QueueLibrary } from '../peers/queue-library.js';
import { CpuMeter, perUnit } from '../stage/cpu.js';
import { submitBacklog } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

export const backlog: Benchmark = {
  name: 'backlog',
  title: 'Jobs that end at once and wait already when a worker starts: from the first end to the last one',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const jobs = stage.amount(100_000, 4_000);
    const load = await Load.start(stage);
    const contenders = [await longhaul(stage, load, jobs)];
    for (const name of [`bullmq-${stage.backend}`, 'graphile-worker', 'graphile-worker-batched', 'pg-boss']) {
      contenders.push(await library(stage, name, jobs));
    }
    await stage.compare(`${jobs.toLocaleString('en')} jobs`, contenders);
  },
};

async function longhaul(stage: Stage, load: Load, jobs: number): Promise<Contender> {
  const product = await Product.open(stage);
  await product.startApi();
  return {
    name: 'longhaul',
    round: async () => {
      const since = Date.now();
      await submitBacklog(product, load, jobs);
      await product.startWorker();
      const meter = new CpuMeter(product.metered);
      await product.drained();
      const cpu = meter.read();
      const { count, firstEndAt, lastEndAt } = await product.outcome(since);
      await product.stopWorkers('SIGKILL');
      return { values: rate(count, firstEndAt, lastEndAt), cpu: perUnit(cpu, count) };
    },
  };
}

async function library(stage: Stage, name: string, jobs: number): Promise<Contender> {
  const peer = await QueueLibrary.start(stage, name);
  return {
    name,
    round: async () => {
      await peer.fill(jobs, 1_000);
      await peer.startWorker();
      const meter = new CpuMeter(peer.metered);
      const { count, firstAt, lastAt } = await peer.drained();
      const cpu = meter.read();
      await peer.stopWorker();
      return { values: rate(count, firstAt, lastAt), cpu: perUnit(cpu, count) };
    },
  };
}

function rate(count: number, firstEndAt: number, lastEndAt: number) {
  return { jobs_per_second: ((count - 1) * 1000) / (lastEndAt - firstEndAt) };
}
