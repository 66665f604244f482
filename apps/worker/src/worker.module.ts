import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { ConfigModule, type Config } from '@longhaul/config';
import { JobEntity } from '@longhaul/jobs';
import { JobsWorkerModule, type JobProcessor } from '@longhaul/jobs/worker';
import { definitions, type KindName } from '@longhaul/kinds';
import { processorImports, processors } from '@longhaul/kinds/processors';
import { PersistenceModule } from '@longhaul/persistence';
import { LoggerModule } from '@longhaul/telemetry';
import { HealthController } from './health.controller.js';

/** The worker process: processors, leases, reconciler, health. */
@Module({})
export class WorkerModule {
  static for(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.of(config),
        LoggerModule.for(config, 'worker'),
        PersistenceModule.for(config, [JobEntity]),
        JobsWorkerModule.for(config, definitions, chosenProcessors(config), processorImports),
      ],
      controllers: config.WORKER_LANE === 'main' ? [HealthController] : [],
    };
  }
}

/** @throws Error for a kind that does not exist: a worker that silently runs nothing would look healthy. */
function chosenProcessors(config: Config): Type<JobProcessor>[] {
  const names = config.WORKER_KINDS.length > 0 ? config.WORKER_KINDS : Object.keys(processors);
  return names.map((name) => {
    if (!Object.hasOwn(processors, name)) throw new Error(`WORKER_KINDS names an unknown kind: ${name}`);
    return processors[name as KindName];
  });
}
