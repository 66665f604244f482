import { Inject, Injectable, Optional } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { BreakerBoard } from '@longhaul/http';
import { DependencyMetrics } from '@longhaul/jobs';
import { LeaseKeeper, PROCESSORS, WorkerRuntime, type JobProcessor } from '@longhaul/jobs/worker';
import { gauge, type MetricSources } from '@longhaul/telemetry';

const breakerStates = ['closed', 'open', 'half_open'] as const;

/** What a worker reads when it is scraped. */
@Injectable()
export class WorkerMetrics {
  readonly sources: MetricSources;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly board: BreakerBoard,
    @Inject(PROCESSORS) private readonly processors: readonly JobProcessor[],
    private readonly leases: LeaseKeeper,
    private readonly dependencies: DependencyMetrics,
    /** None with WORKER_ONCE: such a process takes its one job and waits for no other. */
    @Optional() private readonly runtime?: WorkerRuntime,
  ) {
    this.sources = {
      ...this.dependencies.sources,
      jobs: { read: () => this.readJobs() },
      breakers: { read: () => this.readBreakers() },
    };
  }

  private readJobs(): void {
    const running = new Map(this.processors.map(({ kind }) => [kind.name, 0]));
    for (const { job } of this.leases.held) running.set(job.kind, (running.get(job.kind) ?? 0) + 1);
    if (this.runtime !== undefined) gauge('longhaul_worker_accepting', [[{}, Number(this.runtime.accepting)]]);
    gauge(
      'longhaul_worker_running_jobs',
      [...running].map(([kind, jobs]) => [{ kind }, jobs]),
    );
    gauge(
      'longhaul_worker_slots',
      [...running.keys()].map((kind) => [{ kind }, this.config.WORKER_ONCE ? 1 : this.config.WORKER_CONCURRENCY]),
    );
  }

  private readBreakers(): void {
    const states = this.board.states().map(({ state }) => state);
    gauge(
      'longhaul_outbound_breakers',
      breakerStates.map((state) => [{ state }, states.filter((one) => one === state).length]),
    );
  }
}
