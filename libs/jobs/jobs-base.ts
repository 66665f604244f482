import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import { DependencyMetrics } from './dependency-metrics.js';
import { Doorbells } from './doorbells.js';
import { JobHints, PostgresHintWire, RedisHintWire } from './job-hints.js';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { JobStore } from './job.store.js';
import { KINDS, type KindDefinition } from './kind.js';
import { bullOptions, QueueConnection } from './queue-connection.js';
import { queueErrorLog } from './queue-error-log.js';
import { QueueHealth } from './queue-health.js';
import { QueueSignals } from './queue-signals.js';
import { RedisCheck } from './redis-check.js';
import { RunningLimits } from './running-limits.js';

/** Ends what the module opened itself, after the queues that use it. Nest closes the modules nearest the root first. */
@Injectable()
class JobsShutdown implements OnApplicationShutdown {
  constructor(
    private readonly connection: QueueConnection,
    private readonly doorbells: Doorbells,
    private readonly hints: JobHints,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.hints.close();
    await this.doorbells.close();
    await this.connection.close();
  }
}

const hints: Provider = {
  provide: JobHints,
  inject: [CONFIG, getDataSourceToken()],
  useFactory: (config: Config, source: DataSource) =>
    new JobHints(config.QUEUE_BACKEND === 'redis' ? new RedisHintWire(config) : new PostgresHintWire(config, source)),
};

/** What both sides of the queue need. Needs ConfigModule, and a TypeORM connection that knows {@link JobEntity}. */
export function jobsBase(
  config: Config,
  definitions: readonly KindDefinition[],
  role: 'api' | 'worker',
): Required<Pick<DynamicModule, 'imports' | 'providers'>> {
  // A queue for each kind, and in a worker what takes from it besides.
  const connection = QueueConnection.open(config, role, definitions.length * (role === 'worker' ? 2 : 1));
  return {
    imports: [
      TypeOrmModule.forFeature([JobEntity]),
      BullModule.forRoot(bullOptions(connection, config.QUEUE_PREFIX)),
      BullModule.registerQueue(...definitions.map(({ name }) => ({ name }))),
    ],
    providers: [
      { provide: QueueConnection, useValue: connection },
      { provide: KINDS, useValue: new Map(definitions.map((kind) => [kind.name, kind])) },
      hints,
      JobStore,
      JobReader,
      queueErrorLog(definitions),
      Doorbells,
      DependencyMetrics,
      QueueHealth,
      QueueSignals,
      {
        provide: RedisCheck,
        inject: [CONFIG],
        useFactory: (settings: Config) => new RedisCheck(settings, connection, role),
      },
      RunningLimits,
      JobsShutdown,
    ],
  };
}
