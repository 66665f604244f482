import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { DatabaseHealth } from '@longhaul/persistence';
import { every, gauge, type MetricSources } from '@longhaul/telemetry';
import { QueueHealth } from './queue-health.js';

/** Probes write to the queue's store: not with each scrape. */
const probeMs = 10_000;

/** What every process reads of its database and its queue when it is scraped. */
@Injectable()
export class DependencyMetrics {
  readonly sources: MetricSources = { dependencies: () => this.readDependencies(), pool: () => this.readPool() };

  private readonly databaseUp = every(probeMs, () => this.database.isUp());
  private readonly queueUp = every(probeMs, () =>
    this.queue.check().then(
      () => true,
      () => false,
    ),
  );

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: QueueHealth,
    private readonly database: DatabaseHealth,
  ) {}

  private async readDependencies(): Promise<void> {
    const [database, queue] = await Promise.all([this.databaseUp(), this.queueUp()]);
    gauge('longhaul_dependency_up', [
      [{ dependency: 'database' }, Number(database)],
      [{ dependency: 'queue' }, Number(queue)],
    ]);
  }

  private readPool(): void {
    const { used, idle, waiting } = this.database.poolUse();
    gauge('longhaul_database_connections', [
      [{ state: 'used' }, used],
      [{ state: 'idle' }, idle],
    ]);
    gauge('longhaul_database_connections_max', [[{}, this.config.DATABASE_POOL_SIZE]]);
    gauge('longhaul_database_waiting', [[{}, waiting]]);
  }
}
