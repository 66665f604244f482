import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MixedList } from 'typeorm';
import type { Config } from '@longhaul/config';
import { isTracing } from '@longhaul/telemetry';
import { databaseClient } from './database-client.js';
import { migrations } from './migrations/index.js';
import { tracingDriver } from './tracing-driver.js';

/** Entity classes, as TypeORM takes them. */
export type Entities = MixedList<string | EntitySchema | (new () => object)>;

/**
 * Limits of a connection. Two clocks are needed against a network that swallows packets: the pool gives up
 * connecting after 2 s, and the client stops waiting for an answer after 10 s; the server's own timeout alone hangs.
 */
const limits = {
  connectionTimeoutMillis: 2_000,
  query_timeout: 10_000,
  statement_timeout: 8_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 15_000,
  keepAlive: true,
};

/** How the apps connect: as {@link Config.DATABASE_ROLE}, which owns nothing. */
export function appDataSourceOptions(config: Config, entities: Entities): DataSourceOptions {
  return {
    type: 'postgres',
    driver: isTracing() ? tracingDriver : pg,
    url: config.DATABASE_URL,
    entities,
    synchronize: false,
    installExtensions: false,
    poolSize: config.DATABASE_POOL_SIZE,
    extra: { ...limits, Client: databaseClient(config), options: `-c role=${config.DATABASE_ROLE} -c timezone=UTC` },
    // A lost connection is the pool's business: it makes a new one. Without a listener the process would end.
    poolErrorHandler: () => undefined,
  };
}

/** The connection that owns the schema; for migrations and user management only. */
export function ownerDataSource(config: Config): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url: config.MIGRATION_DATABASE_URL || config.DATABASE_URL,
    migrations,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 2,
    extra: { connectionTimeoutMillis: 5_000, Client: databaseClient(config), options: '-c timezone=UTC' },
  });
}
