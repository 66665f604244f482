import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { submitPlan } from '../load/plans.js';
import { startNestFastify, UsualWay } from '../peers/http-peers.js';
import { submitBacklog } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

const connections = [16, 64, 256] as const;

export const submit: Benchmark = {
  name: 'submit',
  title: 'POST /tasks to 202, by concurrent connections: workers stopped, workers running, over a backlog',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const contenders = await startContenders(stage, load);
    for (const count of connections) {
      await stage.compare(
        `${count} connections, workers stopped`,
        contenders.map((make) => make(count, {})),
      );
    }
    await stage.compare(
      '64 connections, with Idempotency-Key',
      contenders.slice(0, 2).map((make) => make(64, { keys: true })),
    );
    for (const count of connections) {
      await stage.compare(
        `${count} connections, workers running`,
        contenders.map((make) => make(count, { live: true })),
      );
    }
    const backlog = stage.amount(100_000, 20_000);
    for (const count of connections) {
      await stage.compare(
        `${count} connections, backlog of ${backlog.toLocaleString('en')}`,
        contenders.slice(0, 2).map((make) => make(count, { backlog })),
      );
    }
  },
};

interface Situation {
  readonly live?: boolean;
  readonly keys?: boolean;
  readonly backlog?: number;
}
type MakeContender = (connections: number, situation: Situation) => Contender;

/** Longhaul first, then the bare application, then, with Redis, the usual way. */
async function startContenders(stage: Stage, load: Load): Promise<MakeContender[]> {
  const product = await Product.open(stage);
  await product.startApi();
  const bare = await startNestFastify(stage);
  const usual = stage.backend === 'redis' ? await UsualWay.start(stage) : undefined;
  const longhaul: MakeContender = (count, situation) => ({
    name: 'longhaul',
    round: async () => {
      await prepare(product, load, situation);
      const idempotent = situation.keys === true;
      const round = await load.round({ ...submitPlan(product, count), idempotent }, product.metered);
      await product.stopWorkers('SIGKILL');
      return round;
    },
  });
  const nestFastify: MakeContender = (count) => ({
    name: 'nest-fastify',
    round: () => load.round({ ...submitPlan(product, count), url: bare.url, tokens: [] }, bare.metered),
  });
  if (usual === undefined) return [longhaul, nestFastify];
  const usualWay: MakeContender = (count, { live = false }) => ({
    name: 'usual-way',
    round: async () => {
      await usual.empty();
      if (live) await usual.startWorker();
      const target = { url: usual.url, paths: ['/jobs'], tokens: [usual.token] };
      const round = await load.round({ ...submitPlan(product, count), ...target }, usual.metered);
      await usual.stopWorker();
      return round;
    },
  });
  return [longhaul, nestFastify, usualWay];
}

/** A backlog is kept from round to round; otherwise each round begins with an empty table. */
async function prepare(product: Product, load: Load, { live = false, backlog = 0 }: Situation): Promise<void> {
  const waiting = await product.unfinished();
  if (backlog === 0) await product.empty();
  else if (waiting < backlog) await submitBacklog(product, load, Math.ceil((backlog - waiting) / 200) * 200);
  if (live) await product.startWorker();
}
