import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '@longhaul/config';
import { Backpressure } from './backpressure.js';
import { DependencyMetrics } from './dependency-metrics.js';
import { FailedJobs } from './failed-jobs.js';
import { FailedJobsReader } from './failed-jobs.reader.js';
import { FailedJobsStore } from './failed-jobs.store.js';
import { JobFeed } from './job-feed.js';
import { JobLog } from './job-log.js';
import { jobsBase } from './jobs-base.js';
import { JobsService } from './jobs.service.js';
import { LogReader } from './log.reader.js';
import { KINDS, type KindDefinition } from './kind.js';
import { OverviewReader } from './overview.reader.js';
import { Overviews } from './overviews.js';
import { PausedKinds } from './paused-kinds.js';
import { QueueBoard } from './queue-board.js';
import { QueueHealth } from './queue-health.js';
import { QueueSignals } from './queue-signals.js';
import { WaitingLine } from './waiting-line.js';

/** The api's side: submit, read, watch, cancel. */
@Module({})
export class JobsModule {
  static forApi(config: Config, definitions: readonly KindDefinition[]): DynamicModule {
    const { imports, providers } = jobsBase(config, definitions, 'api');
    return {
      module: JobsModule,
      global: true,
      imports,
      providers: [
        ...providers,
        Backpressure,
        FailedJobs,
        FailedJobsReader,
        FailedJobsStore,
        JobFeed,
        JobLog,
        JobsService,
        LogReader,
        Overviews,
        OverviewReader,
        PausedKinds,
        QueueBoard,
        WaitingLine,
      ],
      exports: [
        DependencyMetrics,
        FailedJobs,
        JobsService,
        JobFeed,
        JobLog,
        Overviews,
        PausedKinds,
        QueueBoard,
        QueueHealth,
        QueueSignals,
        KINDS,
      ],
    };
  }
}
