import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Config } from '@longhaul/config';
import { BreakersModule } from '@longhaul/http';
import type { JobProcessor } from './job-processor.js';
import { AttemptStore } from './attempt.store.js';
import { ClaimStore } from './claim.store.js';
import { CpuPool } from './cpu-pool.js';
import { DependencyMetrics } from './dependency-metrics.js';
import { IsolatedRuntime } from './isolated-runtime.js';
import { JobRunner } from './job-runner.js';
import { jobsBase } from './jobs-base.js';
import type { KindDefinition } from './kind.js';
import { LaneSupervisor } from './lane-supervisor.js';
import { LeaderLease } from './leader-lease.js';
import { LeaseKeeper } from './lease-keeper.js';
import { OnceRuntime } from './once-runtime.js';
import { QueueHealth } from './queue-health.js';
import { QueueSignalLog } from './queue-signal-log.js';
import { Reconciler } from './reconciler.js';
import { Retention } from './retention.js';
import { Turns } from './turns.js';
import { WorkerHeartbeat } from './worker-heartbeat.js';
import { PROCESSORS, WorkerRuntime } from './worker-runtime.js';

/**
 * The worker's side: processors, leases, reconciler; in a process of the isolation lane, and in one for a single job,
 * just what runs one job at a time.
 */
@Module({})
export class JobsWorkerModule {
  /** @param processors one `@Processor` class for each kind that this process runs. */
  static for(
    config: Config,
    definitions: readonly KindDefinition[],
    processors: readonly Type<JobProcessor>[],
    imports: DynamicModule['imports'] = [],
  ): DynamicModule {
    const isMain = config.WORKER_LANE === 'main' && !config.WORKER_ONCE;
    const parts = jobsBase(config, definitions, 'worker');
    return {
      module: JobsWorkerModule,
      imports: [...parts.imports, BreakersModule, ...imports],
      providers: [
        ...parts.providers,
        CpuPool,
        ClaimStore,
        AttemptStore,
        LeaseKeeper,
        LeaderLease,
        Turns,
        JobRunner,
        WorkerHeartbeat,
        ...(isMain
          ? [Reconciler, QueueSignalLog, Retention, WorkerRuntime, LaneSupervisor]
          : [config.WORKER_ONCE ? OnceRuntime : IsolatedRuntime]),
        ...processors,
        { provide: PROCESSORS, inject: [...processors], useFactory: (...made: JobProcessor[]) => made },
      ],
      exports: [
        CpuPool,
        DependencyMetrics,
        QueueHealth,
        JobRunner,
        LeaseKeeper,
        PROCESSORS,
        ...(isMain ? [WorkerRuntime, Reconciler, Retention] : []),
        ...(config.WORKER_ONCE ? [OnceRuntime] : []),
      ],
    };
  }
}
