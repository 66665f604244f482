import { Inject, Injectable } from '@nestjs/common';
import { Cache } from '@longhaul/cache';
import { DependencyMetrics, KINDS, QueueSignals, type KindRegistry } from '@longhaul/jobs';
import { every, gauge, total, type MetricSources } from '@longhaul/telemetry';
import { SseConnections } from '../tasks/sse-connections.js';

/** The database is asked by scrapes, so rather seldom, however many there are. */
const signalsMs = 10_000;
const failedMs = 60_000;

/** What an api reads when it is scraped. */
@Injectable()
export class ApiMetrics {
  readonly sources: MetricSources;

  private readonly queueNow = every(signalsMs, () => this.signals.depth());
  private readonly failedNow = every(failedMs, () => this.signals.failed());

  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly signals: QueueSignals,
    private readonly dependencies: DependencyMetrics,
    private readonly streams: SseConnections,
    private readonly cache: Cache,
  ) {
    this.sources = {
      ...this.dependencies.sources,
      queue: {
        read: () => this.readQueue(),
        gauges: ['longhaul_queue_jobs', 'longhaul_queue_oldest_due_seconds'],
      },
      failed: { read: () => this.readFailed(), gauges: ['longhaul_failed_jobs'] },
      streams: { read: () => gauge('longhaul_sse_clients', [[{}, this.streams.count]]) },
      cache: { read: () => this.readCache() },
    };
  }

  private async readQueue(): Promise<void> {
    const known = await this.queueNow();
    gauge(
      'longhaul_queue_jobs',
      known.flatMap(({ kind, scheduled, due, paused, running }) =>
        Object.entries({ scheduled, due, paused, running }).map(([state, jobs]) => [{ kind, state }, jobs] as const),
      ),
    );
    gauge(
      'longhaul_queue_oldest_due_seconds',
      known.map(({ kind, oldestPendingSeconds }) => [{ kind }, oldestPendingSeconds]),
    );
  }

  private async readFailed(): Promise<void> {
    const counts = new Map((await this.failedNow()).map(({ kind, count }) => [kind, count]));
    gauge(
      'longhaul_failed_jobs',
      [...this.kinds.keys()].map((kind) => [{ kind }, counts.get(kind) ?? 0]),
    );
  }

  private readCache(): void {
    const tiers = [...this.cache.counters.read()];
    total(
      'longhaul_cache_requests_total',
      tiers.flatMap(([tier, { hits, misses, stale }]) =>
        Object.entries({ hit: hits, miss: misses, stale }).map(([result, value]) => [{ tier, result }, value] as const),
      ),
    );
    total(
      'longhaul_cache_errors_total',
      tiers.map(([tier, { errors }]) => [{ tier }, errors]),
    );
  }
}
