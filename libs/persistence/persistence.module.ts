import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions, type Entities } from './data-source.js';
import { DatabaseHealth } from './database-health.js';

/** The app's one connection pool: `DataSource` and {@link DatabaseHealth} can be injected everywhere. */
@Global()
@Module({})
export class PersistenceModule {
  /** @param entities all entities of the app; `TypeOrmModule.forFeature` then gives their repositories. */
  static for(config: Config, entities: Entities): DynamicModule {
    return {
      module: PersistenceModule,
      imports: [TypeOrmModule.forRoot(appDataSourceOptions(config, entities))],
      providers: [DatabaseHealth],
      exports: [DatabaseHealth],
    };
  }
}
