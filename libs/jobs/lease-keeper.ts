import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import type { Attempt } from './attempt.js';
import { AttemptStore } from './attempt.store.js';
import { CancelledError, LeaseLostError } from './job-errors.js';
import { JobHints } from './job-hints.js';
import { JobReader } from './job.reader.js';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';
import { selfFenceCheckMs } from './self-fence.js';

/** A claim is committed and held within this time, so a cancel that comes before its attempt is known is not older. */
const rememberMs = 30_000;
const remembered = 10_000;
/** How soon a heartbeat that failed is repeated. */
const againMs = 1_000;

/** Keeps the leases of all attempts of this process, with one statement a heartbeat, and stops those it cannot keep. */
@Injectable()
export class LeaseKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(LeaseKeeper.name));
  private readonly attempts = new Map<string, Attempt>();
  private readonly timers: NodeJS.Timeout[] = [];
  /** Jobs cancelled lately, with the monotonic time at which that was heard; the oldest first. */
  private readonly cancelled = new Map<string, number>();
  private again: NodeJS.Timeout | undefined;
  private beating = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly store: AttemptStore,
    private readonly reader: JobReader,
    private readonly hints: JobHints,
  ) {}

  onApplicationBootstrap(): void {
    const { HEARTBEAT_SECONDS, LEASE_SECONDS } = this.config;
    this.timers.push(
      setInterval(() => void this.beat(), HEARTBEAT_SECONDS * 1000),
      setInterval(
        () => this.attempts.forEach((attempt) => attempt.stopIfUnproved(LEASE_SECONDS)),
        selfFenceCheckMs(LEASE_SECONDS),
      ),
    );
    this.unsubscribe = this.hints.subscribe((hints) => {
      for (const { id, cancelled } of hints) {
        if (cancelled) this.cancel(id);
      }
    });
  }

  onApplicationShutdown(): void {
    this.timers.forEach((timer) => clearInterval(timer));
    clearTimeout(this.again);
    this.unsubscribe();
  }

  hold(attempt: Attempt): void {
    // An older attempt of the same job was taken away without this process having heard of it.
    this.attempts.get(attempt.id)?.stop(belongsToAnother());
    this.attempts.set(attempt.id, attempt);
    if (this.cancelled.has(attempt.id)) attempt.stop(wasCancelled());
  }

  drop(attempt: Attempt): void {
    if (this.attempts.get(attempt.id) === attempt) this.attempts.delete(attempt.id);
  }

  get held(): readonly Attempt[] {
    return [...this.attempts.values()];
  }

  /** Finds out why a write was refused, and stops the attempt for that reason. */
  async lost(attempt: Attempt): Promise<void> {
    const job = await this.reader.find(attempt.id).catch(() => null);
    attempt.stop(job?.status === 'CANCELLED' ? wasCancelled() : belongsToAnother());
  }

  private cancel(id: string): void {
    this.attempts.get(id)?.stop(wasCancelled());
    const now = performance.now();
    this.cancelled.set(id, now);
    for (const [earlier, heardAt] of this.cancelled) {
      if (this.cancelled.size <= remembered && now - heardAt < rememberMs) break;
      this.cancelled.delete(earlier);
    }
  }

  private async beat(): Promise<void> {
    const held = this.held;
    if (held.length === 0 || this.beating) return;
    this.beating = true;
    const sentAt = performance.now();
    try {
      const { LEASE_SECONDS, HEARTBEAT_SECONDS } = this.config;
      const extended = this.store.extendLeases(held, LEASE_SECONDS);
      const kept = await withinTime(extended, Math.max(1_000, HEARTBEAT_SECONDS * 500), 'A heartbeat');
      for (const attempt of held) {
        if (kept.has(attempt.id)) attempt.leaseProved(sentAt);
        else if (this.attempts.get(attempt.id) === attempt) void this.lost(attempt);
      }
    } catch (error) {
      this.quiet.warn(`Heartbeat failed: ${(error as Error).message}`);
      // Not only at the next turn: two missed ones are all that a lease can bear.
      this.again = setTimeout(() => void this.beat(), againMs);
    } finally {
      this.beating = false;
    }
  }
}

const belongsToAnother = () => new LeaseLostError('The job belongs to somebody else now.');
const wasCancelled = () => new CancelledError('The task was cancelled.');
