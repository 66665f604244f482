import type { Config } from './config.js';

/**
 * The environment of a process that this one starts beside itself: the same settings and the same stores, also where
 * this process found out about them by itself. It is not given the login that owns the schema.
 */
export function childEnvironment(
  config: Config,
  overrides: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const { DATABASE_URL, QUEUE_BACKEND } = config;
  return {
    ...process.env,
    DATABASE_URL,
    QUEUE_BACKEND,
    MIGRATION_DATABASE_URL: '',
    MIGRATE_ON_START: 'false',
    ...overrides,
  };
}
