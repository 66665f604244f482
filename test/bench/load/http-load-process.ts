// A process that makes HTTP load, so that the harness and what it measures do not share an event loop.
import { randomUUID } from 'node:crypto';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { obey, tell } from '../stage/told.js';
import type { HttpLoad, HttpLoadResult } from './http-load.js';

/** Beyond any measurement: it is stopped by hand, and counts by itself. */
const withoutEnd = 86_400;

obey({ load: async ({ load }: { load: HttpLoad }) => tell({ event: 'loaded', result: await run(load) }) });

async function run(load: HttpLoad): Promise<HttpLoadResult> {
  // autocannon's own latencies are whole milliseconds; these are microseconds.
  const latency = createHistogram();
  const unexpected = new Map<string, number>();
  let counting = load.amount !== undefined;
  const startedAt = Date.now();
  const instance = start(load);
  instance.on('response', (_, status, __, milliseconds) => {
    if (status !== load.expect) count(unexpected, `status ${status}`);
    else if (counting) latency.record(Math.max(1, Math.round(milliseconds * 1000)));
  });
  instance.on('reqError', (error: Error) => count(unexpected, error.message));
  const seconds = await span(load, instance, (value) => (counting = value));
  if (unexpected.size > 0) {
    const found = [...unexpected].map(([what, times]) => `${what} (${times}×)`).join(', ');
    throw new Error(`${load.method} ${load.url}${load.paths[0]}: ${found}; expected ${load.expect}`);
  }
  const ms = (microseconds: number) => microseconds / 1000;
  return {
    answers: latency.count,
    seconds,
    p50: ms(latency.percentile(50)),
    p95: ms(latency.percentile(95)),
    p99: ms(latency.percentile(99)),
    max: ms(latency.max),
    startedAt,
  };
}

/** @returns how long was counted, in seconds. */
async function span(
  { amount, warmUpMs, measureMs }: HttpLoad,
  instance: autocannon.Instance,
  counting: (value: boolean) => void,
): Promise<number> {
  const ended = new Promise<void>((settle) => instance.on('done', () => settle()));
  if (amount === undefined) await pause(warmUpMs);
  counting(true);
  tell({ event: 'counting' });
  const from = performance.now();
  if (amount === undefined) await pause(measureMs);
  else await ended;
  const seconds = (performance.now() - from) / 1000;
  counting(false);
  tell({ event: 'counted' });
  instance.stop();
  await ended;
  return seconds;
}

function start(load: HttpLoad): autocannon.Instance {
  let number = 0;
  const base = { 'content-type': 'application/json', accept: 'application/json' };
  const ofToken = load.tokens.map((token) => ({ ...base, authorization: `Bearer ${token}` }));
  const next = (request: autocannon.Request): autocannon.Request => {
    number += 1;
    const headers = ofToken.length > 0 ? ofToken[number % ofToken.length] : base;
    request.headers = { ...headers, ...(load.idempotent === true && { 'idempotency-key': randomUUID() }) };
    request.path = load.paths[number % load.paths.length];
    if (load.body !== undefined) request.body = load.body.replaceAll('%n', String(number));
    return request;
  };
  const options: autocannon.Options = {
    url: load.url,
    connections: load.connections,
    method: load.method,
    ...(load.amount === undefined ? { duration: withoutEnd } : { amount: load.amount }),
    // How soon a stop is noticed.
    sampleInt: 50,
    requests: [{ setupRequest: next }],
  };
  // Without a callback it gives a promise instead.
  return autocannon(options, () => undefined);
}

function count(found: Map<string, number>, what: string): void {
  found.set(what, (found.get(what) ?? 0) + 1);
}
