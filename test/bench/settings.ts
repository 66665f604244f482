import type { Environment } from '../faults/stage/app.js';

/**
 * Settings of Longhaul's processes: those of production. Limits that would end a benchmark are high, and stay on.
 */
export const productSettings: Environment = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'http://longhaul.test',
  ...Object.fromEntries(
    ['SUBMIT', 'READ', 'STREAM', 'LOGIN', 'PUBLIC'].map((name) => [`RATE_LIMIT_${name}`, '10000000']),
  ),
  STREAMS_PER_USER: '100000',
  MAX_UNFINISHED_PER_OWNER: '10000000',
  MAX_UNFINISHED: '100000000',
};

/** Jobs that a worker runs at once, Longhaul's and each peer's. */
export const concurrency = 50;
