import { setTimeout as pause } from 'node:timers/promises';
import { refuseStaleBuild } from '../../support/built-apps.js';
import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { submitPlan } from '../load/plans.js';
import { pssBytes } from '../stage/memory.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

const body = '{"task_type":"simulation","duration":0,"steps":1}';
const restMs = 10_000;

export const memory: Benchmark = {
  name: 'memory',
  title:
    'Memory (PSS) of a built api and a built worker with its children: idle, under load, at rest after many jobs; growth is from a first tenth of them on',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    refuseStaleBuild();
    const jobs = stage.amount(100_000, 1_000);
    const load = await Load.start(stage);
    await stage.compare(`${jobs.toLocaleString('en')} jobs`, [longhaul(stage, load, jobs)]);
  },
};

function longhaul(stage: Stage, load: Load, jobs: number): Contender {
  return {
    name: 'longhaul',
    round: async () => {
      const product = await Product.open(stage, 'build');
      await product.startApi();
      await product.startWorker();
      const api = product.apis[0].pid;
      const worker = product.workers[0].pid;
      const both = () => megabytes(pssBytes(api) + pssBytes(worker));
      await pause(restMs);
      const idle = { api_mb: megabytes(pssBytes(api)), worker_mb: megabytes(pssBytes(worker)) };
      // Compiled code and caches come with the first jobs, whatever comes after them.
      await run(product, load, Math.ceil(jobs / 10));
      await pause(restMs);
      const warm = both();
      const most = await highestDuring(both, () => run(product, load, jobs));
      await pause(restMs);
      const rested = both();
      await product.stop();
      return {
        values: {
          idle_mb: idle.api_mb + idle.worker_mb,
          ...idle,
          warm_mb: warm,
          loaded_mb: most,
          rested_mb: rested,
          growth_percent: (rested / warm - 1) * 100,
        },
        cpu: {},
      };
    },
  };
}

async function run(product: Product, load: Load, amount: number): Promise<void> {
  await load.run({ ...submitPlan(product, 64), body, amount });
  await product.drained();
}

/** Reads memory once a second. */
async function highestDuring(read: () => number, action: () => Promise<void>): Promise<number> {
  let highest = 0;
  const sample = () => (highest = Math.max(highest, read()));
  const timer = setInterval(sample, 1_000);
  try {
    await action();
    sample();
    return highest;
  } finally {
    clearInterval(timer);
  }
}

function megabytes(bytes: number): number {
  return bytes / 2 ** 20;
}
