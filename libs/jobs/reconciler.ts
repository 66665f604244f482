import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { isOfOneRow } from '@longhaul/persistence';
import { count } from '@longhaul/telemetry';
import { AttemptStore, type WrittenJob } from './attempt.store.js';
import { Doorbells, enoughDoorbells } from './doorbells.js';
import { JobHints } from './job-hints.js';
import { kindLabel, startAtZero } from './job-metrics.js';
import { JobRunner } from './job-runner.js';
import type { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { JobStore, type Fenced } from './job.store.js';
import { KINDS, type KindRegistry } from './kind.js';
import { laneOf, type Lane } from './lane.js';
import { LeaderLease } from './leader-lease.js';
import { QueueConnection } from './queue-connection.js';
import { QuietLog } from './quiet-log.js';
import { ringFor } from './queue.js';
import { deadlineGraceSeconds, leaderLeaseSeconds, ringGraceSeconds, verdictOnLapsed } from './recovery.js';
import { RunningLimits } from './running-limits.js';

const actor = 'reconciler';

/** What one round did. */
export interface Round {
  readonly leading: boolean;
  readonly recovered: number;
  readonly quarantined: number;
  readonly timedOut: number;
  readonly rung: number;
}

/** Finds what was lost and sets it right. Every worker process has one; the holder of a lease works. */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Reconciler.name);
  private readonly quiet = new QuietLog(this.logger);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<Round> | null = null;
  /** Until then nobody is taken to have vanished: workers could not reach the database either. Monotonic. */
  private outageUntil = 0;
  private stopped = false;
  /** Isolated jobs are looked for by the lanes themselves: no doorbell rings for them. */
  private readonly rungLane: Lane;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly store: JobStore,
    private readonly attempts: AttemptStore,
    private readonly reader: JobReader,
    private readonly doorbells: Doorbells,
    private readonly hints: JobHints,
    private readonly lease: LeaderLease,
    private readonly runner: JobRunner,
    private readonly queue: QueueConnection,
    private readonly limits: RunningLimits,
  ) {
    this.rungLane = laneOf(config);
  }

  onApplicationBootstrap(): void {
    startAtZero(this.kinds.keys());
    const every = this.config.RECONCILE_SECONDS * 1000;
    this.timer = setInterval(() => void this.tick(), every);
    this.queue.onReconnect(() => void this.tick());
    void this.tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.lease.releaseAfter(this.current ?? Promise.resolve(), actor, this.runner.workerId);
  }

  /** One round; calls that come while one is under way share it. */
  reconcile(): Promise<Round> {
    this.current ??= this.round().finally(() => (this.current = null));
    return this.current;
  }

  private async tick(): Promise<void> {
    if (this.stopped || this.current !== null) return;
    try {
      const round = await this.reconcile();
      if (round.recovered + round.quarantined + round.timedOut + round.rung > 0)
        this.logger.log({ ...round }, 'Reconciled');
    } catch (error) {
      this.outageUntil = performance.now() + this.config.LEASE_SECONDS * 1000;
      this.quiet.warn(`Reconciler round failed: ${(error as Error).message}`);
    }
  }

  private async round(): Promise<Round> {
    if (!(await this.lease.acquire(actor, this.runner.workerId, leaderLeaseSeconds(this.config)))) {
      return { leading: false, recovered: 0, quarantined: 0, timedOut: 0, rung: 0 };
    }
    const { recovered, quarantined } = await this.recoverLapsed();
    const timedOut = await this.endOverdue();
    return { leading: true, recovered, quarantined, timedOut, rung: await this.ringLost() };
  }

  private async recoverLapsed(): Promise<{ recovered: number; quarantined: number }> {
    const counts = { recovered: 0, quarantined: 0 };
    if (performance.now() < this.outageUntil) return counts;
    for (const lapsed of await this.reader.lapsed(this.config.LEASE_SECONDS)) {
      if (this.stopped) break;
      const quarantine = verdictOnLapsed(lapsed, this.config) === 'quarantine';
      const job = await this.isolated(lapsed, () =>
        quarantine ? this.quarantine(lapsed) : this.store.recover(lapsed, actor),
      );
      if (job === null) continue;
      counts[quarantine ? 'quarantined' : 'recovered'] += 1;
      if (!quarantine) count('longhaul_recoveries_total', this.kindOf(job));
      else {
        count('longhaul_quarantined_total', this.kindOf(job));
        count('longhaul_jobs_ended_total', { ...this.kindOf(job), status: 'FAILED' });
      }
    }
    return counts;
  }

  private quarantine(lapsed: Fenced): Promise<JobEntity | null> {
    const message = `The worker vanished under this job more than ${this.config.MAX_RECOVERIES} times.`;
    return this.store.quarantine(lapsed, { code: 'quarantined', message, retryable: false }, actor);
  }

  private async endOverdue(): Promise<number> {
    let ended = 0;
    for (const overdue of await this.reader.overdue(deadlineGraceSeconds, this.config.LEASE_SECONDS)) {
      if (this.stopped) break;
      const message = `The attempt ran longer than ${overdue.timeoutSeconds} s.`;
      const error = { code: 'timeout', message, retryable: false };
      const job = await this.isolated(overdue, () =>
        this.attempts.fail(overdue, error, { progress: null, events: [] }, actor),
      );
      if (job === null) continue;
      ended += 1;
      count('longhaul_jobs_ended_total', { ...this.kindOf(job), status: 'FAILED' });
    }
    return ended;
  }

  private async ringLost(): Promise<number> {
    let rung = 0;
    for (const kind of this.kinds.keys()) {
      if (this.stopped) break;
      const room = { perOwner: this.limits.perOwner, perKind: this.limits.perKind(kind) };
      const due = await this.reader.due({ kind, lane: this.rungLane, ...room }, ringGraceSeconds, enoughDoorbells);
      const waiting = due.length === 0 ? null : await this.doorbells.waiting(kind);
      if (waiting === null) continue;
      // Any doorbell will do, so what counts is how many wait, not whose they are.
      const lost = due.slice(0, Math.max(0, due.length - waiting));
      const doorbells = lost.map(({ id, dispatch }) => ({ jobId: id, dispatch }));
      const rings = lost.length === 0 ? [] : await this.store.nextDispatch(doorbells, 'pending');
      await this.doorbells.ring(rings);
      rung += rings.length;
    }
    return rung;
  }

  /** Rows may name kinds that this process does not know: as a label they would be without bound. */
  private kindOf({ kind }: WrittenJob): { readonly kind: string } {
    return { kind: kindLabel(this.kinds, kind) };
  }

  /** One bad row does not keep the others from being set right. */
  private async isolated(attempt: Fenced, change: () => Promise<WrittenJob | null>): Promise<WrittenJob | null> {
    try {
      const job = await change();
      if (job !== null) {
        this.hints.publish({ id: job.id, from: job.lastSeq, to: job.lastSeq });
        if (job.status === 'PENDING') void this.doorbells.ring([ringFor(job)]);
      }
      return job;
    } catch (error) {
      // Without a database the rest would fail alike, each after its own time limit.
      if (!isOfOneRow(error)) throw error;
      this.quiet.error('Job not reconciled', { err: error as Error, jobId: attempt.id });
      return null;
    }
  }
}
