import { hostname } from 'node:os';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { BreakerBoard } from '@longhaul/http';
import type { JobProcessor } from './job-processor.js';
import { JobRunner } from './job-runner.js';
import { JobEntity } from './job.entity.js';
import { toJsonb } from './jsonb.js';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';
import { PROCESSORS } from './worker-runtime.js';

const everyMs = 10_000;
/** Of a worker that has not been seen for so long, nobody needs the row any more. */
const forgottenSeconds = 600;
/** Breakers of one process that are told. */
const mostBreakers = 100;
/** How long the last word of a worker that stops may take. */
const farewellMs = 2_000;

/**
 * What a worker process says of itself, for people: that it is there, which kinds it runs, and which hosts it leaves alone.
 * Nothing is decided by it: leases tell who runs what.
 */
@Injectable()
export class WorkerHeartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(WorkerHeartbeat.name));
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | null = null;

  constructor(
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    @Inject(PROCESSORS) private readonly processors: readonly JobProcessor[],
    private readonly runner: JobRunner,
    private readonly board: BreakerBoard,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.beat(), everyMs);
    void this.beat();
  }

  /** After the drain: until then there is something to be seen. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await withinTime(this.leave(), farewellMs, 'Removing the heartbeat').catch((error: Error) =>
      this.quiet.warn(error.message),
    );
  }

  /** Never fails; a beat that is under way is enough. */
  beat(): Promise<void> {
    this.beating ??= this.write()
      .catch((error: Error) => this.quiet.warn(`Heartbeat not written: ${error.message}`))
      .finally(() => (this.beating = null));
    return this.beating;
  }

  private async leave(): Promise<void> {
    await this.beating;
    await this.jobs.query('DELETE FROM worker_heartbeats WHERE worker_id = $1', [this.runner.workerId]);
  }

  private async write(): Promise<void> {
    await this.jobs.query(
      `WITH forgotten AS (
         DELETE FROM worker_heartbeats WHERE worker_id IN (
           SELECT worker_id FROM worker_heartbeats
           WHERE seen_at < now() - make_interval(secs => $6) AND worker_id <> $1 LIMIT 100 FOR UPDATE SKIP LOCKED)
       )
       INSERT INTO worker_heartbeats (worker_id, host, kinds, breakers, started_at)
       VALUES ($1, $2, $3, $4, now() - make_interval(secs => $5))
       ON CONFLICT (worker_id) DO UPDATE SET breakers = excluded.breakers, seen_at = now()`,
      [
        this.runner.workerId,
        hostname(),
        this.processors.map(({ kind }) => kind.name),
        toJsonb(this.breakers()),
        process.uptime(),
        forgottenSeconds,
      ],
    );
  }

  private breakers(): readonly { readonly host: string; readonly state: string; readonly since: Date }[] {
    const open = this.board.states().filter(({ state }) => state !== 'closed');
    return open.slice(0, mostBreakers).map(({ host, state, since }) => ({ host, state, since }));
  }
}
