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

export const goals: readonly Goal[] = [
  ...onRedis('submit', '64 connections, workers stopped', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.6 },
    { measure: 'p99_ms', atMost: 15 },
    { measure: 'requests_per_second', against: 'usual-way', atLeast: 5 },
    { measure: 'p99_ms', against: 'usual-way', atMost: 0.2 },
  ]),
  ...onRedis('submit', '16 connections, workers stopped', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.26 },
    { measure: 'p99_ms', atMost: 9 },
  ]),
  ...onRedis('read', '16 connections, 1,000 tasks', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.32 },
  ]),
  ...onRedis('read', '16 connections, 1,000,000 tasks', [
    { measure: 'requests_per_second', against: 'nest-fastify', atLeast: 0.32 },
    { measure: 'requests_per_second', against: 'longhaul with 1,000 tasks', atLeast: 0.9 },
  ]),
];

type Wanted = Pick<Goal, 'measure' | 'against' | 'atLeast' | 'atMost'>;

function onRedis(benchmark: string, name: string, wanted: readonly Wanted[]): Goal[] {
  return wanted.map((one) => ({ benchmark, backend: 'redis', case: name, ...one }));
}
