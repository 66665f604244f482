import { Module } from '@nestjs/common';
import { METRIC_SOURCES, MetricsServer } from '@longhaul/telemetry';
import { TasksModule } from '../tasks/tasks.module.js';
import { ApiMetrics } from './api-metrics.js';

/** `/metrics`, on a port of its own. */
@Module({
  imports: [TasksModule],
  providers: [
    ApiMetrics,
    { provide: METRIC_SOURCES, inject: [ApiMetrics], useFactory: (of: ApiMetrics) => of.sources },
    MetricsServer,
  ],
})
export class MetricsModule {}
