import { noop } from './noop.definition.js';

/** The kinds that benchmarks submit. */
export const benchDefinitions = [noop];
