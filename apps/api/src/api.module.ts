import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { authEntities } from '@longhaul/auth';
import { CacheModule } from '@longhaul/cache';
import { ConfigModule, type Config } from '@longhaul/config';
import { contentEntities } from '@longhaul/content';
import { JobEntity, JobsModule, type KindDefinition } from '@longhaul/jobs';
import { PersistenceModule } from '@longhaul/persistence';
import { LoggerModule } from '@longhaul/telemetry';
import { AdminModule } from './admin/admin.module.js';
import { AuthRoutesModule } from './auth/auth-routes.module.js';
import { ConsoleRoutesModule } from './console/console-routes.module.js';
import { ContentRoutesModule } from './content/content-routes.module.js';
import { HealthModule } from './health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RootController } from './root.controller.js';
import { LimitsModule } from './limits/limits.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { SiteModule } from './site/site.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { ContractValidationPipe } from './validation/contract-validation.pipe.js';

/** The whole api. */
@Module({})
export class ApiModule {
  static for(config: Config, definitions: readonly KindDefinition[]): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.of(config),
        LoggerModule.for(config, 'api'),
        PersistenceModule.for(config, [JobEntity, ...authEntities, ...contentEntities]),
        JobsModule.forApi(config, definitions),
        CacheModule.for(config),
        AuthRoutesModule.for(config),
        LimitsModule,
        HealthModule,
        OpenApiModule,
        TasksModule,
        AdminModule,
        ConsoleRoutesModule.for(config),
        ContentRoutesModule,
        SiteModule,
        MetricsModule,
      ],
      controllers: [RootController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: ContractValidationPipe },
      ],
    };
  }
}
