import { flaky } from './flaky.definition.js';
import { noop } from './noop.definition.js';
import { progress } from './progress.definition.js';
import { ticks } from './ticks.definition.js';

/** The kinds that benchmarks submit. */
export const benchDefinitions = [noop, progress, ticks, flaky];
