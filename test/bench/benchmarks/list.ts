import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { makeFinishedJobs } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

const pages = {
  'newest first': '/tasks?limit=50',
  'by status and kind': '/tasks?limit=50&status=SUCCESS&task_type=noop',
  'of a status that no task has': '/tasks?limit=50&status=FAILED',
} as const;

export const list: Benchmark = {
  name: 'list',
  title: 'GET /tasks, a page of 50 of the own tasks, 16 connections: few and many in the table',
  backends: ['redis'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const many = stage.amount(1_000_000, 100_000);
    const ofMany = await ofFinished(stage, load, many, `longhaul with ${many.toLocaleString('en')} tasks`);
    const ofFew = await ofFinished(stage, load, 1_000, 'longhaul with 1,000 tasks');
    for (const [name, path] of Object.entries(pages)) await stage.compare(name, [ofMany(path), ofFew(path)]);
  },
};

async function ofFinished(stage: Stage, load: Load, tasks: number, name: string): Promise<(path: string) => Contender> {
  const product = await Product.open(stage);
  await product.startApi();
  await makeFinishedJobs(product, tasks, 4);
  const plan = { url: product.url, method: 'GET', tokens: product.tokens, connections: 16, expect: 200 } as const;
  return (path) => ({ name, round: () => load.round({ ...plan, paths: [path] }, product.metered) });
}
