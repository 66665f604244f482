import { Injectable } from '@nestjs/common';
import { DatabaseHealth } from '@longhaul/persistence';
import { every, gauge, type MetricSources } from '@longhaul/telemetry';
import { QueueConnection } from './queue-connection.js';
import { QueueHealth } from './queue-health.js';

/** Probes write to the queue's store: not with each scrape. */
const probeMs = 10_000;

/** What every process reads of its database and its queue when it is scraped. */
@Injectable()
export class DependencyMetrics {
  readonly sources: MetricSources = {
    dependencies: { read: () => this.readDependencies() },
    pool: { read: () => this.readPool() },
  };

  private readonly databaseUp = every(probeMs, () => this.database.isUp());
  private readonly queueUp = every(probeMs, () =>
    this.queue.check().then(
      () => true,
      () => false,
    ),
  );

  constructor(
    private readonly connection: QueueConnection,
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
    const pools = Object.entries({ database: this.database.poolUse(), queue: this.connection.poolUse() }).flatMap(
      ([pool, use]) => (use === null ? [] : [{ pool, ...use }]),
    );
    gauge(
      'longhaul_database_connections',
      pools.flatMap(({ pool, used, idle }) =>
        Object.entries({ used, idle }).map(([state, value]) => [{ pool, state }, value] as const),
      ),
    );
    gauge(
      'longhaul_database_connections_max',
      pools.map(({ pool, max }) => [{ pool }, max]),
    );
    gauge(
      'longhaul_database_waiting',
      pools.map(({ pool, waiting }) => [{ pool }, waiting]),
    );
  }
}
