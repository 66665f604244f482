import type { Backend } from '../support/backends.js';

/** What Longhaul should reach, on a machine like CI's: a quotient with a peer of the same run, or a figure of its own. */
export interface Goal {
  readonly benchmark: string;
  readonly backend: Backend;
  readonly case: string;
  readonly measure: string;
  /** The peer; none: the figure itself is meant. */
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const many = '1,000,000';
const withFew = 'longhaul with 1,000 tasks';

export const goals: readonly Goal[] = [
  ...on('redis', 'submit', '64 connections, workers stopped', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.6 },
    { measure: 'p99_ms', atMost: 15 },
    { measure: 'requests_per_second', against: 'usual-way', atLeast: 5 },
    { measure: 'p99_ms', against: 'usual-way', atMost: 0.2 },
  ]),
  ...on('redis', 'submit', '16 connections, workers stopped', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.26 },
    { measure: 'p99_ms', atMost: 9 },
  ]),
  ...on('redis', 'batch', 'one caller', [{ measure: 'items_per_second', against: 'bullmq-redis', atLeast: 0.6 }]),
  ...on('redis', 'read', '16 connections, 1,000 tasks', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.32 },
  ]),
  ...on('redis', 'read', `16 connections, ${many} tasks`, [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.32 },
    { measure: 'requests_per_second', against: withFew, atLeast: 0.9 },
  ]),
  ...on('redis', 'list', 'newest first', [{ measure: 'requests_per_second', against: withFew, atLeast: 0.8 }]),
  ...on('redis', 'million', `${many} finished tasks`, [
    { measure: 'requests_per_second', against: 'longhaul without tasks', atLeast: 0.8 },
  ]),
  ...on('redis', 'latency', 'idle', [
    { measure: 'p50_ms', atMost: 4 },
    { measure: 'p99_ms', atMost: 12 },
  ]),
  ...on('postgres', 'latency', 'idle', [
    { measure: 'p50_ms', atMost: 10 },
    { measure: 'p99_ms', atMost: 25 },
  ]),
  ...on('redis', 'noop', 'submit and run together', [
    { measure: 'jobs_per_second', against: 'bullmq-redis', atLeast: 0.3 },
    { measure: 'jobs_per_second', against: 'graphile-worker', atLeast: 2 },
    { measure: 'jobs_per_second', against: 'usual-way', atLeast: 5 },
  ]),
  ...on('postgres', 'noop', 'submit and run together', [
    { measure: 'jobs_per_second', against: 'bullmq-postgres', atLeast: 0.9 },
  ]),
  ...on('redis', 'backlog', '100,000 jobs', [{ measure: 'jobs_per_second', against: 'bullmq-redis', atLeast: 0.46 }]),
  ...['one job', '500 jobs'].flatMap((jobs) =>
    on('redis', 'sse', `9,500 clients, ${jobs}`, [
      { measure: 'delivered_percent', atLeast: 100 },
      { measure: 'p99_ms', atMost: 80 },
      { measure: 'client_kb', atMost: 13 },
    ]),
  ),
  ...on('redis', 'cold-start', 'api', [{ measure: 'accepted_ms', atMost: 400 }]),
  ...on('redis', 'cold-start', 'worker', [{ measure: 'first_job_ms', atMost: 300 }]),
  ...on('postgres', 'search', 'all kinds in turns', [{ measure: 'p95_ms', atMost: 50 }]),
  ...on('redis', 'memory', '100,000 jobs', [
    { measure: 'idle_mb', atMost: 120 },
    { measure: 'growth_percent', atMost: 5 },
  ]),
];

type Wanted = Pick<Goal, 'measure' | 'against' | 'atLeast' | 'atMost'>;

function on(backend: Backend, benchmark: string, name: string, wanted: readonly Wanted[]): Goal[] {
  return wanted.map((one) => ({ benchmark, backend, case: name, ...one }));
}
