export { Collector } from './collector.js';
export { appDataSourceOptions, ownerDataSource } from './data-source.js';
export { isDataError, isOfOneRow } from './database-errors.js';
export { DatabaseHealth, type PoolUse } from './database-health.js';
export { migrate } from './migrate.js';
export { PersistenceModule } from './persistence.module.js';
export { PooledClient } from './pooled-client.js';
export { preparedQuery } from './prepared-query.js';
export { provideDatabase, type ProvidedDatabase } from './provide-database.js';
