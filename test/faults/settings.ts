import type { Environment } from './stage/app.js';

/** `short`: clocks that make a run quick. `default`: those of production. */
export const settingSets = {
  short: {
    LEASE_SECONDS: '4',
    HEARTBEAT_SECONDS: '1',
    RECONCILE_SECONDS: '1',
    RETRY_BASE_MS: '50',
    DRAIN_SECONDS: '2',
  },
  default: {},
} as const satisfies Record<string, Environment>;

export type SettingsName = keyof typeof settingSets;

/** Settings of every app, whatever the fault: limits that are no matter of faults are out of the way. */
export const commonSettings: Environment = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'info',
  ...Object.fromEntries(
    ['SUBMIT', 'READ', 'STREAM', 'LOGIN', 'PUBLIC'].map((name) => [`RATE_LIMIT_${name}`, '10000000']),
  ),
  STREAMS_PER_USER: '10000',
};
