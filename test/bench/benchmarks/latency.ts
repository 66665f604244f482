import type { Benchmark } from '../benchmark.js';
import type { Contender, Round } from '../measures.js';
import type { Journey } from '../load/journey.js';
import { Load } from '../load/load.js';
import { submitPlan } from '../load/plans.js';
import { UsualWay } from '../peers/http-peers.js';
import { QueueLibrary } from '../peers/queue-library.js';
import { percentile } from '../report/statistics.js';
import type { Child, Message } from '../stage/child.js';
import { CpuMeter, perUnit, type Metered } from '../stage/cpu.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

const script = 'test/bench/load/journey-process.ts';

export const latency: Benchmark = {
  name: 'latency',
  title: 'From the POST until SUCCESS is seen, one job after the other: idle, and at half of the highest throughput',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const jobs = stage.amount(300, 50);
    const product = await Product.open(stage);
    await product.startApi();
    await product.startWorker();
    const follower = await stage.start({ name: 'follower', script });
    const way = (how: Journey['way']): Contender => {
      const journey = { url: product.url, token: product.tokens[0], jobs, way: how, path: '/tasks' };
      return { name: names[how], round: () => followed(follower, journey, product.metered) };
    };
    await stage.compare('idle', [way('get'), way('post'), ...(await peers(stage, follower, jobs))]);
    const rate = (await highestRate(stage, product)) / 2;
    stage.options.say(`  half of the highest throughput: ${rate.toFixed(0)} submits/s`);
    const presser = await stage.start({ name: 'presser', script });
    const journey = { url: product.url, token: product.tokens[1], jobs: 0, way: 'get', path: '/tasks' } as const;
    await stage.compare('at half of the highest throughput', [
      pressed(way('get'), presser, journey, rate, product),
      pressed(way('post'), presser, journey, rate, product),
    ]);
  },
};

const names = { get: 'longhaul', post: 'longhaul, the POST waits', poll: 'usual-way' } as const;

async function peers(stage: Stage, follower: Child, jobs: number): Promise<Contender[]> {
  const bullmq = await QueueLibrary.start(stage, `bullmq-${stage.backend}`);
  await bullmq.startWorker();
  const bare = {
    name: `${bullmq.name}, waitUntilFinished`,
    round: async () => roundOf(await bullmq.waitFor(jobs), {}),
  };
  if (stage.backend !== 'redis') return [bare];
  const usual = await UsualWay.start(stage);
  await usual.startWorker();
  const journey = { url: usual.url, token: usual.token, jobs, way: 'poll', path: '/jobs' } as const;
  return [bare, { name: names.poll, round: () => followed(follower, journey, usual.metered) }];
}

async function followed(follower: Child, journey: Journey, processes: readonly Metered[]): Promise<Round> {
  const meter = new CpuMeter(processes);
  const answer = follower.next<Message & { times: number[] }>('followed');
  follower.send({ event: 'follow', journey });
  const { times } = await answer;
  return roundOf(times, perUnit(meter.read(), times.length));
}

function roundOf(times: readonly number[], cpu: Round['cpu']): Round {
  return { values: { p50_ms: percentile(times, 50), p99_ms: percentile(times, 99) }, cpu };
}

/** The same, while another process submits at an even rate. */
function pressed(
  { name, round }: Contender,
  presser: Child,
  journey: Journey,
  rate: number,
  product: Product,
): Contender {
  return {
    name,
    round: async () => {
      presser.send({ event: 'press', journey, rate });
      const released = presser.next('pressed');
      // CPU time of the pressed jobs would stand as that of the followed ones.
      const { values } = await Promise.race([round(), released.then(() => Promise.reject(new Error('No load.')))]);
      presser.send({ event: 'release' });
      await released;
      await product.drained();
      return { values, cpu: {} };
    },
  };
}

/** Jobs a second that go through when 64 connections submit as fast as they can. */
async function highestRate(stage: Stage, product: Product): Promise<number> {
  const load = await Load.start(stage);
  const { startedAt } = await load.run(submitPlan(product, 64));
  await product.drained();
  const { count, lastEndAt } = await product.outcome(startedAt);
  return (count * 1000) / (lastEndAt - startedAt);
}
