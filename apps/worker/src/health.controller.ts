import { Controller, Get, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { QueueHealth } from '@longhaul/jobs';
import { WorkerRuntime } from '@longhaul/jobs/worker';
import { DatabaseHealth } from '@longhaul/persistence';

/** For the orchestrator; on a port of its own, and only when `WORKER_HEALTH_PORT` is set. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseHealth,
    private readonly queue: QueueHealth,
    private readonly runtime: WorkerRuntime,
  ) {}

  @Get('live')
  @HttpCode(200)
  live(): object {
    return { status: 'ok' };
  }

  /** Red while the worker drains, and while it cannot reach what it needs. */
  @Get('ready')
  async ready(): Promise<object> {
    const [database, queue] = await Promise.all([
      this.database.isUp(),
      this.queue.check().then(
        () => true,
        () => false,
      ),
    ]);
    const report = { accepting: this.runtime.accepting, database, queue };
    if (!report.accepting || !database || !queue) throw new ServiceUnavailableException(report);
    return report;
  }
}
