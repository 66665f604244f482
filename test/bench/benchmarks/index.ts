import type { Benchmark } from '../benchmark.js';
import { backlog } from './backlog.js';
import { batch } from './batch.js';
import { coldStart } from './cold-start.js';
import { latency } from './latency.js';
import { list } from './list.js';
import { memory } from './memory.js';
import { million } from './million.js';
import { noop } from './noop.js';
import { progress } from './progress.js';
import { read } from './read.js';
import { retryStorm } from './retry-storm.js';
import { search } from './search.js';
import { sse } from './sse.js';
import { submit } from './submit.js';
import { telemetry } from './telemetry.js';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  submit,
  batch,
  read,
  list,
  million,
  latency,
  noop,
  backlog,
  progress,
  sse,
  coldStart,
  memory,
  retryStorm,
  search,
  telemetry,
];
