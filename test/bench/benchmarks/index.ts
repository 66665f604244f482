import type { Benchmark } from '../benchmark.js';
import { read } from './read.js';
import { submit } from './submit.js';

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [submit, read];
