import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { batchItems } from '../load/bodies.js';
import { Load } from '../load/load.js';
import { batchPlan } from '../load/plans.js';
import { QueueLibrary } from '../peers/queue-library.js';
import { CpuMeter, perUnit } from '../stage/cpu.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

export const batch: Benchmark = {
  name: 'batch',
  title: `POST /tasks/batch with ${batchItems} items, beside adds of as many at a time to bare queues; workers stopped`,
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const product = await Product.open(stage);
    await product.startApi();
    const peers: Contender[] = [];
    for (const name of [`bullmq-${stage.backend}`, 'graphile-worker', 'pg-boss'])
      peers.push(await library(stage, name));
    await stage.compare('one caller', [longhaul(product, load, 1), ...peers]);
    await stage.compare('4 connections', [longhaul(product, load, 4), ...peers.map(oneCaller)]);
  },
};

function longhaul(product: Product, load: Load, connections: number): Contender {
  return {
    name: 'longhaul',
    round: async () => {
      await product.empty();
      const { values, cpu } = await load.round(batchPlan(product, connections), product.metered);
      await checkItems(product);
      const { requests_per_second: batches, p50_ms: p50, p99_ms: p99 } = values;
      const perItem = Object.entries(cpu).map(([name, us]) => [name, us / batchItems] as const);
      return {
        values: { items_per_second: batches * batchItems, p50_ms: p50, p99_ms: p99 },
        cpu: Object.fromEntries(perItem),
      };
    },
  };
}

/** An answer of 200 may hold refusals. @throws Error when an item was not made. */
async function checkItems(product: Product): Promise<void> {
  const made = await product.unfinished();
  if (made === 0 || made % batchItems !== 0) throw new Error(`${made} items are no whole number of batches.`);
}

async function library(stage: Stage, name: string): Promise<Contender> {
  const peer = await QueueLibrary.start(stage, name);
  let count = 50 * batchItems;
  return {
    name,
    round: async () => {
      const meter = new CpuMeter(peer.metered);
      const { startedAt, endedAt } = await peer.fill(count, batchItems);
      const itemsPerSecond = (count * 1000) / (endedAt - startedAt);
      const cpu = perUnit(meter.read(), count);
      // The next round takes about as long as one of Longhaul's.
      count = Math.ceil((itemsPerSecond * stage.options.measureMs) / 1000 / batchItems) * batchItems;
      return { values: { items_per_second: itemsPerSecond }, cpu };
    },
  };
}

function oneCaller({ name, round }: Contender): Contender {
  return { name: `${name}, one caller`, round };
}
