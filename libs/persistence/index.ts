export { appDataSourceOptions, ownerDataSource } from './data-source.js';
export { DatabaseHealth } from './database-health.js';
export { migrate } from './migrate.js';
export { PersistenceModule } from './persistence.module.js';
export { PooledClient } from './pooled-client.js';
export { provideDatabase, type ProvidedDatabase } from './provide-database.js';
