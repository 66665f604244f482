import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions, type Entities } from './data-source.js';
import { DatabaseHealth } from './database-health.js';
import { isUnreachable } from './failed-start.js';

/** A database that is just being started is waited for; one that refuses is not. */
const patience = { retryAttempts: 5, retryDelay: 1_000, toRetry: isUnreachable };

/** The app's one connection pool: `DataSource` and {@link DatabaseHealth} can be injected everywhere. */
@Global()
@Module({})
export class PersistenceModule {
  /** @param entities all entities of the app; `TypeOrmModule.forFeature` then gives their repositories. */
  static for(config: Config, entities: Entities): DynamicModule {
    return {
      module: PersistenceModule,
      imports: [TypeOrmModule.forRoot({ ...appDataSourceOptions(config, entities), ...patience })],
      providers: [DatabaseHealth],
      exports: [DatabaseHealth],
    };
  }
}
