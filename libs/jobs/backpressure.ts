import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { JobReader } from './job.reader.js';

/** Counts are read again after this long at least; between two reads a process adds its own submits to them. */
const freshMs = 1_000;
/**
 * A count takes the longer the more there is to count: half a second of a million, where one of an owner is bounded by his
 * limit. So that of everybody is good for so many times as long as it took: seldom while there is much room, and more
 * often as soon as an error in it could matter.
 */
const rest = { factor: 20, pressingFactor: 2, longestMs: 10_000 };
/** Share of the limit: with less room than that, or more admitted since the count, an old count may matter. */
const pressingShare = 0.05;
/** Owners whose counts are remembered; of more, those that are not fresh any more are forgotten. */
const rememberedOwners = 10_000;

export interface Refusal {
  readonly outcome: 'owner_full' | 'full';
  readonly retryAfterSeconds: number;
}

/**
 * A number of unfinished jobs: as it was counted last, and what this process has admitted that may not be in that count,
 * because its insert had not ended when the count began.
 */
class Tally {
  private counted = 0;
  private admitted = 0;
  private inserted = 0;
  private insertedBefore = 0;

  get unfinished(): number {
    return this.counted + this.admitted - this.insertedBefore;
  }

  /** What was admitted since the count began, and may not be in it. */
  get sinceCount(): number {
    return this.admitted - this.insertedBefore;
  }

  admit(jobs: number): void {
    this.admitted += jobs;
  }

  /** The insert of admitted jobs has ended: whatever became of them, a count from now on shows it. */
  settle(jobs: number): void {
    this.inserted += jobs;
  }

  /** Call it before a count; the answer takes the count's result. */
  beginCount(): (counted: number) => void {
    const insertedBefore = this.inserted;
    return (counted) => {
      this.counted = counted;
      this.insertedBefore = insertedBefore;
    };
  }
}

/** A tally that is counted again when its count is old. */
class Count {
  readonly tally = new Tally();
  /** Monotonic. */
  private countedAt = Number.NEGATIVE_INFINITY;
  private tookMs = 0;
  /** The count under way, which all that come meanwhile wait for. */
  private reading: Promise<void> | null = null;

  /** @param limit of everybody's jobs: their count rests as {@link rest} says; none: it does not. */
  constructor(
    private readonly read: () => Promise<number>,
    private readonly limit: number | null = null,
  ) {}

  get isFresh(): boolean {
    return performance.now() < this.countedAt + Math.max(freshMs, this.restMs);
  }

  get isBusy(): boolean {
    return this.reading !== null;
  }

  /** Resolves when what is known is fresh. */
  async refresh(): Promise<void> {
    if (this.reading === null && this.isFresh) return;
    this.reading ??= this.count().finally(() => (this.reading = null));
    await this.reading;
  }

  private async count(): Promise<void> {
    const start = performance.now();
    const counted = this.tally.beginCount();
    counted(await this.read());
    this.countedAt = performance.now();
    this.tookMs = this.countedAt - start;
  }

  private get restMs(): number {
    if (this.limit === null) return 0;
    const { unfinished, sinceCount } = this.tally;
    const margin = this.limit * pressingShare;
    const isPressing = this.limit - unfinished < margin || sinceCount > margin;
    return Math.min(rest.longestMs, this.tookMs * (isPressing ? rest.pressingFactor : rest.factor));
  }
}

/** Refuses submits while too many tasks are unfinished: of one owner, or of everybody. */
@Injectable()
export class Backpressure {
  /** The one asked for longest ago comes first. */
  private readonly owners = new Map<string, Count>();
  private readonly all: Count;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: JobReader,
  ) {
    this.all = new Count(() => reader.countUnfinished(config.MAX_UNFINISHED), config.MAX_UNFINISHED);
  }

  /**
   * Admits up to `wanted` jobs of an owner; the answer says for how many there was room, and why not for the rest. Call
   * its `settle` when their insert has ended, well or badly.
   */
  async admit(
    ownerId: string,
    wanted: number,
  ): Promise<{
    admitted: number;
    refusal: Refusal | null;
    settle: () => void;
  }> {
    const owner = this.countOf(ownerId);
    await Promise.all([owner.refresh(), this.all.refresh()]);
    // From here to the end nothing waits: what one caller is admitted, the next one sees.
    const ownerRoom = Math.max(0, this.config.MAX_UNFINISHED_PER_OWNER - owner.tally.unfinished);
    const room = Math.max(0, this.config.MAX_UNFINISHED - this.all.tally.unfinished);
    const admitted = Math.min(wanted, ownerRoom, room);
    const counts = [owner.tally, this.all.tally];
    counts.forEach((tally) => tally.admit(admitted));
    const settle = () => counts.forEach((tally) => tally.settle(admitted));
    if (admitted === wanted) return { admitted, refusal: null, settle };
    return room <= ownerRoom
      ? { admitted, refusal: { outcome: 'full', retryAfterSeconds: 10 }, settle }
      : { admitted, refusal: { outcome: 'owner_full', retryAfterSeconds: 5 }, settle };
  }

  private countOf(ownerId: string): Count {
    const known = this.owners.get(ownerId);
    if (known?.isFresh) return known;
    const count = known ?? new Count(() => this.reader.countUnfinished(this.config.MAX_UNFINISHED_PER_OWNER, ownerId));
    this.owners.delete(ownerId);
    this.owners.set(ownerId, count);
    this.forgetOld();
    return count;
  }

  private forgetOld(): void {
    for (const [id, count] of this.owners) {
      if (this.owners.size <= rememberedOwners || count.isBusy || count.isFresh) return;
      this.owners.delete(id);
    }
  }
}
