import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { Load } from '../load/load.js';
import { submitPlan } from '../load/plans.js';
import { makeFinishedJobs } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

export const million: Benchmark = {
  name: 'million',
  title: 'POST /tasks to 202 with many finished tasks in the table, 64 connections, workers stopped',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    const load = await Load.start(stage);
    const many = stage.amount(1_000_000, 100_000);
    const full = await withFinished(stage, load, many);
    const empty = await withFinished(stage, load, 0);
    await stage.compare(`${many.toLocaleString('en')} finished tasks`, [
      { ...full, name: 'longhaul' },
      { ...empty, name: 'longhaul without tasks' },
    ]);
  },
};

async function withFinished(stage: Stage, load: Load, count: number): Promise<Omit<Contender, 'name'>> {
  const product = await Product.open(stage);
  await product.startApi();
  if (count > 0) await makeFinishedJobs(product, count, 4);
  return {
    round: async () => {
      // What other rounds submitted is no part of either contender.
      await product.sql.query(`DELETE FROM job_events WHERE job_id IN (SELECT id FROM jobs WHERE status = 'PENDING')`);
      await product.sql.query(`DELETE FROM jobs WHERE status = 'PENDING'`);
      await product.sql.query('VACUUM jobs, job_events');
      return load.round(submitPlan(product, 64), product.metered);
    },
  };
}
