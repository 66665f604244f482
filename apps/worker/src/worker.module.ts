import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ConfigModule, type Config } from '@longhaul/config';
import { ContentItemEntity } from '@longhaul/content';
import { BreakersModule } from '@longhaul/http';
import { JobEntity, type KindDefinition } from '@longhaul/jobs';
import { JobsWorkerModule, type JobProcessor } from '@longhaul/jobs/worker';
import { definitions } from '@longhaul/kinds';
import { processorImports, processors } from '@longhaul/kinds/processors';
import { PersistenceModule } from '@longhaul/persistence';
import { LoggerModule, METRIC_SOURCES, MetricsServer } from '@longhaul/telemetry';
import { HealthController } from './health.controller.js';
import { WorkerMetrics } from './worker-metrics.js';

/** The kinds that a worker knows, with their handlers by name. */
export interface WorkerKinds {
  readonly definitions: readonly KindDefinition[];
  readonly processors: Readonly<Record<string, Type<JobProcessor>>>;
}

export const shippedKinds: WorkerKinds = { definitions, processors };

const metrics: Provider[] = [
  WorkerMetrics,
  { provide: METRIC_SOURCES, inject: [WorkerMetrics], useFactory: (of: WorkerMetrics) => of.sources },
  MetricsServer,
];

/** The worker process: processors, leases, reconciler, health. */
@Module({})
export class WorkerModule {
  static for(config: Config, kinds: WorkerKinds): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.of(config),
        LoggerModule.for(config, 'worker'),
        PersistenceModule.for(config, [JobEntity, ContentItemEntity]),
        BreakersModule,
        JobsWorkerModule.for(config, kinds.definitions, chosenProcessors(config, kinds), processorImports),
      ],
      controllers: answersHealth(config) ? [HealthController] : [],
      providers: config.WORKER_LANE === 'main' ? metrics : [],
    };
  }
}

/** Not a process of the isolation lane, which has the settings of its worker, and not one that ends with its job. */
export function answersHealth(config: Config): boolean {
  return config.WORKER_LANE === 'main' && !config.WORKER_ONCE;
}

/** @throws Error for a kind that does not exist: a worker that silently runs nothing would look healthy. */
function chosenProcessors(config: Config, { processors }: WorkerKinds): Type<JobProcessor>[] {
  const names = config.WORKER_KINDS.length > 0 ? config.WORKER_KINDS : Object.keys(processors);
  return names.map((name) => {
    if (!Object.hasOwn(processors, name)) throw new Error(`WORKER_KINDS names an unknown kind: ${name}`);
    return processors[name];
  });
}
