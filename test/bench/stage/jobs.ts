import { call } from '../../support/call.js';
import { batchItems, noopBatchBody } from '../load/bodies.js';
import type { Load } from '../load/load.js';
import { batchPlan } from '../load/plans.js';
import type { Product } from './product.js';

/**
 * Submits jobs that wait, by batches of 200. @param count a multiple of 200. @param body of a batch.
 * @throws Error when not all were accepted.
 */
export async function submitBacklog(
  product: Product,
  load: Load,
  count: number,
  body: string = noopBatchBody,
): Promise<void> {
  const before = await product.unfinished();
  // Callers of one batch at a time, fewer than there are batches.
  const amount = count / batchItems;
  await load.run({ ...batchPlan(product, Math.min(4, amount)), body, amount });
  const made = (await product.unfinished()) - before;
  if (made !== count) throw new Error(`${made} of ${count} jobs of the backlog were accepted.`);
}

/** @returns the id of the task. @throws Error when it was not accepted. */
export async function submitOne(product: Product, body: object, url = product.url): Promise<string> {
  const answer = await call(url, 'POST', '/tasks', { token: product.tokens[0], body });
  if (answer.status !== 202) throw new Error(`POST /tasks: status ${answer.status}: ${answer.text}`);
  return (answer.json as { task_id: string }).task_id;
}

/**
 * Writes jobs that have ended, with their three events, as if they had come at even distances over the last weeks.
 * @returns ids of some of them, evenly spread; the n-th one belongs to the n-th user, and so on in turns.
 */
export async function makeFinishedJobs(product: Product, count: number, sample = 20_000): Promise<string[]> {
  const { sql, owners } = product;
  await sql.query(
    `WITH made AS (
       INSERT INTO jobs (id, kind, status, owner_id, input, result, timeout_seconds, attempts, max_attempts, fence,
                         last_seq, created_at, run_at, enqueued_at, started_at, finished_at)
       SELECT uuidv7(at - now()), 'noop', 'SUCCESS', ($1::text[])[number % $2 + 1],
              jsonb_build_object('n', number), '{}', 600, 1, 4, 1, 3, at, at, at, at, at
       FROM (SELECT number, now() - make_interval(secs => 1728000.0 * ($3 - number) / $3) AS at
             FROM generate_series(0, $3 - 1) number) one
       RETURNING id, owner_id, created_at
     )
     INSERT INTO job_events (job_id, seq, type, actor, at)
     SELECT id, seq, (ARRAY['submitted', 'started', 'succeeded'])[seq],
            CASE seq WHEN 1 THEN owner_id ELSE 'worker:bench' END, created_at
     FROM made, generate_series(1, 3) seq`,
    [owners, owners.length, count],
  );
  await sql.query('VACUUM (ANALYZE) jobs');
  await sql.query('VACUUM (ANALYZE) job_events');
  const perOwner = Math.floor(Math.min(sample, count) / owners.length);
  const { rows } = await sql.query<{ ids: string[] }>(
    `SELECT (SELECT array_agg(id) FROM (SELECT id FROM jobs WHERE owner_id = owner ORDER BY random() LIMIT $2) chosen) AS ids
     FROM unnest($1::text[]) WITH ORDINALITY AS owners(owner, place) ORDER BY place`,
    [owners, perOwner],
  );
  return Array.from({ length: perOwner }, (_, turn) => rows.map(({ ids }) => ids[turn])).flat();
}
