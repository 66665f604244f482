import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from '../benchmark.js';
import type { Contender, Round } from '../measures.js';
import type { SseLoad, SseResult } from '../load/sse-load.js';
import type { Child, Message } from '../stage/child.js';
import { CpuMeter, perUnit } from '../stage/cpu.js';
import { submitOne } from '../stage/jobs.js';
import { pssBytes } from '../stage/memory.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

/** Jobs that one worker runs at once in the case of many; with more clients several watch the same one. */
const mostJobs = 500;
/** Lets garbage of the opening be collected, before memory is read. */
const restMs = 2_000;
/** Longer than any round. */
const patienceMs = 180_000;

export const sse: Benchmark = {
  name: 'sse',
  title: `GET /tasks/{id}/stream, one event a second to every client of one api process: all watch one job, or up to ${mostJobs} jobs, which stand for many, as 9,500 clients do for 10,000: all come from one address and one process, whose ports and open files are limited`,
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const ticks = stage.amount(20, 5);
    const clientCounts = stage.options.quick ? [100, 500] : [500, 2_000, 9_500];
    const client = await stage.start({ name: 'clients', script: 'test/bench/load/sse-process.ts' });
    for (const clients of clientCounts) {
      for (const jobs of [1, Math.min(clients, mostJobs)]) {
        const name = `${clients.toLocaleString('en')} clients, ${jobs === 1 ? 'one job' : `${jobs} jobs`}`;
        await stage.compare(name, [longhaul(stage, client, { clients, jobs, ticks })]);
      }
    }
  },
};

interface Audience {
  readonly clients: number;
  readonly jobs: number;
  readonly ticks: number;
}

function longhaul(stage: Stage, client: Child, audience: Audience): Contender {
  return {
    name: 'longhaul',
    round: async () => {
      const product = await Product.open(stage);
      await product.startApi();
      try {
        return await watched(product, client, audience);
      } finally {
        await product.stop();
      }
    },
  };
}

/** The streams are opened while the jobs wait, so that none misses an event; then a worker starts. */
async function watched(product: Product, client: Child, { clients, jobs, ticks }: Audience): Promise<Round> {
  const streams = await submitTicks(product, jobs, ticks);
  const [api] = product.apis;
  await pause(restMs);
  const before = pssBytes(api.pid);
  const load: SseLoad = { port: Number(new URL(product.url).port), clients, streams };
  const opened = client.next('opened');
  const ended = client.next<Message & { result: SseResult }>('ended');
  ended.catch(() => undefined);
  client.send({ event: 'open', load });
  await opened;
  await pause(restMs);
  const open = pssBytes(api.pid);
  await product.startWorker({ WORKER_CONCURRENCY: String(mostJobs) });
  const meter = new CpuMeter([...product.metered, { name: 'clients', pid: client.pid }]);
  await pause((ticks * 1000) / 2);
  const busy = pssBytes(api.pid);
  const late = AbortSignal.timeout(patienceMs);
  const tooLate = new Promise<never>((_, reject) =>
    late.addEventListener('abort', () => reject(new Error('The streams do not end.'))),
  );
  const { result } = await Promise.race([ended, tooLate]);
  const { ticks: delivered, p50, p99, max } = result;
  const kb = (bytes: number) => (bytes - before) / clients / 1024;
  return {
    values: {
      delivered_percent: (100 * delivered) / (clients * ticks),
      p50_ms: p50,
      p99_ms: p99,
      max_ms: max,
      client_kb: kb(open),
      busy_client_kb: kb(busy),
    },
    cpu: perUnit(meter.read(), clients * ticks),
  };
}

async function submitTicks(product: Product, jobs: number, ticks: number): Promise<SseLoad['streams']> {
  const token = product.tokens[0];
  const streams: { path: string; token: string }[] = [];
  for (let job = 0; job < jobs; job += 1) {
    // The wait gives a worker the time to start all of them.
    const id = await submitOne(product, { task_type: 'ticks', ticks, interval_ms: 1_000, wait_ms: 1_000 });
    streams.push({ path: `/tasks/${id}/stream`, token });
  }
  return streams;
}
