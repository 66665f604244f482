import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { CpuMeter, perUnit } from '../stage/cpu.js';
import { submitOne } from '../stage/jobs.js';
import { Product } from '../stage/product.js';

const calls = 10_000;

export const progress: Benchmark = {
  name: 'progress',
  title: 'One job that reports progress 10,000 times, as fast as it can',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const product = await Product.open(stage);
    await product.startApi();
    await product.startWorker();
    const longhaul: Contender = {
      name: 'longhaul',
      round: async () => {
        const meter = new CpuMeter(product.metered);
        const id = await submitOne(product, { task_type: 'progress', calls });
        await product.drained();
        const cpu = perUnit(meter.read(), calls);
        const { rows } = await product.sql.query<{ seconds: number; events: number; status: string }>(
          `SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds, last_seq AS events, status
           FROM jobs WHERE id = $1`,
          [id],
        );
        const [{ seconds, events, status }] = rows;
        if (status !== 'SUCCESS') throw new Error(`The job is ${status}.`);
        return { values: { calls_per_second: calls / seconds, seconds, events_written: events }, cpu };
      },
    };
    await stage.compare(`${calls.toLocaleString('en')} calls`, [longhaul]);
  },
};
