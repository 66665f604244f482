import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CONFIG, type Config } from '@longhaul/config';
import { OutboundHttp } from '@longhaul/http';
import { DependencyMetrics } from '@longhaul/jobs';
import { WorkerRuntime } from '@longhaul/jobs/worker';
import { gauge, type MetricSources } from '@longhaul/telemetry';

const breakerStates = ['closed', 'open', 'half_open'] as const;

/** What a worker reads when it is scraped. */
@Injectable()
export class WorkerMetrics {
  readonly sources: MetricSources;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly modules: ModuleRef,
    private readonly runtime: WorkerRuntime,
    private readonly dependencies: DependencyMetrics,
  ) {
    this.sources = {
      ...this.dependencies.sources,
      jobs: () => this.readJobs(),
      breakers: () => this.readBreakers(),
    };
  }

  private readJobs(): void {
    const running = this.runtime.running();
    gauge('longhaul_worker_accepting', [[{}, Number(this.runtime.accepting)]]);
    gauge(
      'longhaul_worker_running_jobs',
      [...running].map(([kind, jobs]) => [{ kind }, jobs]),
    );
    gauge(
      'longhaul_worker_slots',
      [...running.keys()].map((kind) => [{ kind }, this.config.WORKER_CONCURRENCY]),
    );
  }

  /** A worker whose kinds fetch nothing has no client. */
  private readBreakers(): void {
    let client: OutboundHttp;
    try {
      client = this.modules.get(OutboundHttp, { strict: false });
    } catch {
      return;
    }
    const states = client.breakers().map(({ state }) => state);
    gauge(
      'longhaul_outbound_breakers',
      breakerStates.map((state) => [{ state }, states.filter((one) => one === state).length]),
    );
  }
}
