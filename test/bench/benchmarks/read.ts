import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { startNestFastify, UsualWay } from '../peers/http-peers.js';
import { makeFinishedJobs } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

export const read: Benchmark = {
  name: 'read',
  title: 'GET /tasks/{id} of finished tasks, few and many in the table',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const many = stage.amount(1_000_000, 100_000);
    const others = await startPeers(stage, load);
    const ofFew = await ofFinished(stage, load, 1_000);
    const ofMany = await ofFinished(stage, load, many);
    for (const count of [16, 64]) {
      const peers = others.map((make) => make(count));
      await stage.compare(`${count} connections, 1,000 tasks`, [ofFew(count), ...peers]);
      await stage.compare(`${count} connections, ${many.toLocaleString('en')} tasks`, [
        ofMany(count),
        { ...ofFew(count), name: 'longhaul with 1,000 tasks' },
        ...peers,
      ]);
    }
  },
};

type MakeContender = (connections: number) => Contender;

/** Longhaul with so many finished tasks, which are read in no order; a cache can hold 1,000 but not all of many. */
async function ofFinished(stage: Stage, load: Load, tasks: number): Promise<MakeContender> {
  const product = await Product.open(stage);
  await product.startApi();
  const ids = await makeFinishedJobs(product, tasks);
  const plan = {
    url: product.url,
    method: 'GET',
    paths: ids.map((id) => `/tasks/${id}`),
    tokens: product.tokens,
    expect: 200,
  } as const;
  return (connections) => ({
    name: 'longhaul',
    round: () => load.round({ ...plan, connections }, product.metered),
  });
}

async function startPeers(stage: Stage, load: Load): Promise<MakeContender[]> {
  const bare = await startNestFastify(stage);
  const nestFastify: MakeContender = (connections) => ({
    name: 'nest-fastify',
    round: () => {
      const plan = { url: bare.url, method: 'GET', paths: ['/tasks/1'], tokens: [], connections, expect: 200 } as const;
      return load.round(plan, bare.metered);
    },
  });
  if (stage.backend !== 'redis') return [nestFastify];
  const usual = await UsualWay.start(stage);
  const paths = (await usual.makeFinishedJobs(1_000)).map((id) => `/jobs/${id}`);
  const usualWay: MakeContender = (connections) => ({
    name: 'usual-way',
    round: () => {
      const plan = { url: usual.url, method: 'GET', paths, tokens: [usual.token], connections, expect: 200 } as const;
      return load.round(plan, usual.metered);
    },
  });
  return [nestFastify, usualWay];
}
