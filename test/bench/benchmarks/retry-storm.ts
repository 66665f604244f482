import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { batchItems } from '../load/bodies.js';
import { Load } from '../load/load.js';
import { CpuMeter, perUnit } from '../stage/cpu.js';
import { submitBacklog } from '../stage/jobs.js';
import { Product } from '../stage/product.js';

/** Retries come soon: it is the engine that is measured, not the backoff. */
const settings = { RETRY_BASE_MS: '50' };
const body = `[${Array.from({ length: batchItems }, () => '{"task_type":"flaky"}').join()}]`;

export const retryStorm: Benchmark = {
  name: 'retry-storm',
  title: 'Waiting jobs that all fail once and are retried within 50 ms: from the first start to the last end',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const jobs = stage.amount(10_000, 1_000);
    const load = await Load.start(stage);
    const product = await Product.open(stage, 'source', settings);
    await product.startApi();
    const longhaul: Contender = {
      name: 'longhaul',
      round: async () => {
        await product.empty();
        const since = Date.now();
        await submitBacklog(product, load, jobs, body);
        await product.startWorker();
        const meter = new CpuMeter(product.metered);
        await product.drained();
        const cpu = perUnit(meter.read(), jobs);
        const { lastEndAt } = await product.outcome(since);
        const firstStartAt = await checkAttempts(product, jobs);
        await product.stopWorkers('SIGKILL');
        return { values: { jobs_per_second: (jobs * 1000) / (lastEndAt - firstStartAt) }, cpu };
      },
    };
    await stage.compare(`${jobs.toLocaleString('en')} jobs`, [longhaul]);
  },
};

/** @returns when the first attempt started. @throws Error unless every job had exactly two attempts and five events. */
async function checkAttempts(product: Product, jobs: number): Promise<number> {
  const { rows } = await product.sql.query<{ right: number; first: number }>(
    `SELECT (count(*) FILTER (WHERE attempts = 2 AND fence = 2 AND last_seq = 5))::integer AS right,
            (extract(epoch FROM min(started_at)) * 1000)::float8 AS first
     FROM jobs WHERE status = 'SUCCESS'`,
  );
  if (rows[0].right !== jobs)
    throw new Error(`Only ${rows[0].right} of ${jobs} jobs had two attempts and five events.`);
  return rows[0].first;
}
