import { Agent } from 'node:http';
import { refuseStaleBuild } from '../../support/built-apps.js';
import type { Benchmark } from '../benchmark.js';
import type { Contender } from '../measures.js';
import { send } from '../load/http-client.js';
import { submitOne } from '../stage/jobs.js';
import { Product } from '../stage/product.js';
import type { Stage } from '../stage/stage.js';

/** A kind that is shipped, at its shortest. */
const body = { task_type: 'simulation', duration: 0, steps: 1 };

/** Starts differ, above all in what the disk still holds in memory. */
const leastRounds = 5;

export const coldStart: Benchmark = {
  name: 'cold-start',
  title:
    'From the start of a built process: api to its first answer and its first 202, worker to the end of a job that waits',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    refuseStaleBuild();
    await stage.compare('api', [await api(stage)], leastRounds);
    await stage.compare('worker', [await worker(stage)], leastRounds);
  },
};

async function api(stage: Stage): Promise<Contender> {
  const product = await Product.open(stage, 'build');
  const agent = new Agent();
  const json = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': String(json.length) };
  return {
    name: 'longhaul',
    round: async () => {
      const from = performance.now();
      await product.startApi();
      await send({ url: `${product.url}/health/ready`, method: 'GET', agent, headers: {} }, 200);
      const ready = performance.now() - from;
      const authorized = { ...headers, authorization: `Bearer ${product.tokens[0]}` };
      await send({ url: `${product.url}/tasks`, method: 'POST', agent, headers: authorized, body: json }, 202);
      const accepted = performance.now() - from;
      await product.stop();
      return { values: { ready_ms: ready, accepted_ms: accepted }, cpu: {} };
    },
  };
}

async function worker(stage: Stage): Promise<Contender> {
  const product = await Product.open(stage, 'build');
  return {
    name: 'longhaul',
    round: async () => {
      await product.startApi();
      const id = await submitOne(product, body);
      const startedAt = Date.now();
      await product.startWorker();
      const ready = Date.now() - startedAt;
      await product.drained();
      const { rows } = await product.sql.query<{ at: number }>(
        `SELECT (extract(epoch FROM finished_at) * 1000)::float8 AS at FROM jobs WHERE id = $1 AND status = 'SUCCESS'`,
        [id],
      );
      await product.stop();
      return { values: { first_job_ms: rows[0].at - startedAt, ready_ms: ready }, cpu: {} };
    },
  };
}
