import { randomUUID } from 'node:crypto';
import { runsTasks, type Check } from './check.js';
import { ended, need, type Target } from './target.js';

/** What is done with tasks. */
export const taskChecks: readonly Check[] = [
  { name: 'a submit is accepted', run: accepts },
  { name: runsTasks, run: runs },
  { name: 'a submit can be repeated', run: repeats },
  { name: 'a stream shows a task while it runs', after: runsTasks, run: streams },
  { name: 'a stream is resumed without a gap', after: runsTasks, run: resumes },
  { name: 'an ended stream is answered with 204', after: runsTasks, run: streamIsOver },
  { name: 'lists are paged', after: runsTasks, run: lists },
  { name: 'an admin cancels', as: 'admin', after: runsTasks, run: cancels },
  { name: 'an admin retries and discards', as: 'admin', after: runsTasks, run: retries },
  { name: 'a page is scraped', after: runsTasks, run: scrapes },
];

const short = { task_type: 'simulation', duration: 0, steps: 1, metadata: { smoke: true } };

async function accepts(target: Target): Promise<void> {
  const { headers, json } = await target.submit(short);
  for (const name of ['location', 'operation-location', 'etag'])
    need(headers.has(name), `the header ${name} is missing`);
  need(headers.get('location') === `/tasks/${json.task_id}`, `Location is ${headers.get('location')}`);
  const { baseUrl } = target.options;
  const operation = headers.get('operation-location');
  need(
    operation === `${baseUrl}/tasks/${json.task_id}`,
    `Operation-Location is ${operation}: is PUBLIC_URL of the api ${baseUrl}?`,
  );
}

async function runs(target: Target): Promise<void> {
  const { json } = await target.submit(short);
  const { status, error } = await target.end(json.task_id);
  need(status === 'SUCCESS', `it ended as ${status}: ${error?.message}`);
}

async function repeats(target: Target): Promise<void> {
  const headers = { 'idempotency-key': randomUUID() };
  const first = await target.submit(short, headers);
  const second = await target.submit(short, headers);
  need(first.json.task_id === second.json.task_id, 'the same key made two tasks');
  need(second.headers.get('idempotency-replayed') === 'true', 'the header Idempotency-Replayed is missing');
}

async function streams(target: Target): Promise<void> {
  const { json } = await target.submit({ ...short, duration: 3, steps: 6 });
  const messages = await target.follow(json.task_id, '', () => false);
  need(messages[0]?.type === 'snapshot', 'the first message is no snapshot');
  const last = messages[messages.length - 1];
  need(last.status === 'SUCCESS', `the last message says ${last.status}`);
  // Steps take half a second each: messages that come together were kept back.
  const spread = last.at - messages[0].at;
  need(
    messages.length >= 4 && spread > 1_000,
    `${messages.length} messages came within ${Math.round(spread)} ms of a task of 3 s: something between buffers the stream`,
  );
}

async function resumes(target: Target): Promise<void> {
  const { json } = await target.submit({ ...short, duration: 2, steps: 8 });
  const seen = await target.follow(json.task_id, '?from=0', ({ type }) => type === 'progress');
  const from = seen[seen.length - 1].id;
  const rest = await target.follow(json.task_id, `?last_event_id=${from}`, () => false);
  const numbers = [...seen, ...rest].map(({ id }) => id);
  need(
    numbers.every((number, index) => number === index + 1),
    `the events came as ${numbers.join(', ')}`,
  );
  need(ended.includes(rest[rest.length - 1]?.status ?? ''), 'the stream ended before the task');
}

async function streamIsOver(target: Target): Promise<void> {
  const { json } = await target.submit(short, { prefer: 'wait=20' });
  await target.end(json.task_id);
  await target.expect(204, 'GET', `/tasks/${json.task_id}/stream`, { headers: { 'last-event-id': '1000' } });
}

async function lists(target: Target): Promise<void> {
  const { headers, json } = await target.expect(200, 'GET', '/tasks?limit=1');
  need(json.length === 1, `a page of 1 has ${json.length} tasks`);
  const next = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  need(next !== undefined, 'the header Link with the next page is missing');
  const page = await target.expect(200, 'GET', next);
  need(page.json[0]?.task_id !== json[0].task_id, 'the next page begins with the same task');
}

async function cancels(target: Target): Promise<void> {
  const { json } = await target.submit({ ...short, duration: 600, steps: 600 });
  await target.expect(204, 'DELETE', `/tasks/${json.task_id}`, { as: 'admin' });
  const { status } = await target.end(json.task_id);
  need(status === 'CANCELLED', `it is ${status}`);
}

async function retries(target: Target): Promise<void> {
  const { json } = await target.submit({ ...short, fail_probability: 1, max_attempts: 1 });
  const first = await target.end(json.task_id);
  need(first.status === 'FAILED' && first.error !== null, `a task that fails is ${first.status}`);
  await target.expect(202, 'POST', `/tasks/${json.task_id}/retry`, { as: 'admin' });
  const second = await target.end(json.task_id);
  need(second.status === 'FAILED', `after the retry it is ${second.status}`);
  const body = { reason: 'The smoke test failed it on purpose.' };
  await target.expect(200, 'POST', `/tasks/${json.task_id}/discard`, { as: 'admin', body });
}

async function scrapes(target: Target): Promise<void> {
  const { json } = await target.submit({
    task_type: 'web_scrape',
    url: target.options.scrapeUrl,
    metadata: short.metadata,
  });
  const { status, error, result_payload: result } = await target.end(json.task_id);
  need(
    status === 'SUCCESS',
    `${target.options.scrapeUrl} ended as ${status}: ${error?.message} (another page: --scrape-url)`,
  );
  need(JSON.stringify(result).includes('title'), 'the result has no title');
}
