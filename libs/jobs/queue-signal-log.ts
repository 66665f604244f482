import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobRunner } from './job-runner.js';
import { LeaderLease } from './leader-lease.js';
import { QueueSignals, signalFields } from './queue-signals.js';
import { QuietLog } from './quiet-log.js';

const lease = 'queue-signals';
const everySeconds = 60;
/** Longer than the interval, so that a healthy holder keeps it between two lines. */
const leaseSeconds = 80;

/**
 * Writes the queue's signals to the log once a minute, one line a kind, as a warning when a limit is reached. Every worker
 * has one; the holder of a lease writes. The lease is its own, so that a stuck reconciler silences no alert.
 */
@Injectable()
export class QueueSignalLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(QueueSignalLog.name);
  private readonly quiet = new QuietLog(this.logger);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly signals: QueueSignals,
    private readonly leases: LeaderLease,
    private readonly runner: JobRunner,
  ) {}

  onApplicationBootstrap(): void {
    const tick = () => {
      this.current = this.write();
    };
    this.timer = setInterval(tick, everySeconds * 1_000);
    tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.leases.releaseAfter(this.current, lease, this.runner.workerId);
  }

  /** Writes the lines, if this process holds the lease. Never fails. */
  private async write(): Promise<void> {
    try {
      if (!(await this.leases.acquire(lease, this.runner.workerId, leaseSeconds))) return;
      const kinds = await this.signals.read();
      const alerts = this.signals.alertsOf(kinds);
      for (const one of kinds) {
        const reached = alerts.filter(({ kind }) => kind === one.kind).map(({ signal }) => signal);
        const line = { ...signalFields(one), alerts: reached };
        if (reached.length > 0) this.logger.warn(line, 'Queue signals');
        else this.logger.log(line, 'Queue signals');
      }
    } catch (error) {
      this.quiet.warn(`Queue signals not read: ${(error as Error).message}`);
    }
  }
}
