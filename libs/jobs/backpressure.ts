import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { JobReader } from './job.reader.js';

/** Counts are read again after this long; between two reads a process adds its own submits to them. */
const freshMs = 1_000;
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

interface Owner {
  readonly tally: Tally;
  /** Monotonic. */
  readAt: number;
  /** The count under way, which all that come meanwhile wait for. */
  reading: Promise<void> | null;
}

/** Refuses submits while too many tasks are unfinished: of one owner, or of everybody. */
@Injectable()
export class Backpressure {
  /** The one counted longest ago comes first. */
  private readonly owners = new Map<string, Owner>();
  private readonly all = new Tally();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: JobReader,
  ) {}

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
    const { tally } = await this.counted(ownerId);
    // From here to the end nothing waits: what one caller is admitted, the next one sees.
    const ownerRoom = Math.max(0, this.config.MAX_UNFINISHED_PER_OWNER - tally.unfinished);
    const room = Math.max(0, this.config.MAX_UNFINISHED - this.all.unfinished);
    const admitted = Math.min(wanted, ownerRoom, room);
    tally.admit(admitted);
    this.all.admit(admitted);
    const settle = () => {
      tally.settle(admitted);
      this.all.settle(admitted);
    };
    if (admitted === wanted) return { admitted, refusal: null, settle };
    return room <= ownerRoom
      ? { admitted, refusal: { outcome: 'full', retryAfterSeconds: 10 }, settle }
      : { admitted, refusal: { outcome: 'owner_full', retryAfterSeconds: 5 }, settle };
  }

  private async counted(ownerId: string): Promise<Owner> {
    const owner = this.owners.get(ownerId) ?? { tally: new Tally(), readAt: Number.NEGATIVE_INFINITY, reading: null };
    if (owner.reading === null && isFresh(owner)) return owner;
    owner.reading ??= this.count(ownerId, owner).finally(() => (owner.reading = null));
    await owner.reading;
    return owner;
  }

  private async count(ownerId: string, owner: Owner): Promise<void> {
    this.owners.delete(ownerId);
    this.owners.set(ownerId, owner);
    this.forgetOld();
    const countOwner = owner.tally.beginCount();
    const countAll = this.all.beginCount();
    const counted = await this.reader.countUnfinished(ownerId, {
      owner: this.config.MAX_UNFINISHED_PER_OWNER,
      all: this.config.MAX_UNFINISHED,
    });
    countOwner(counted.owner);
    countAll(counted.all);
    owner.readAt = performance.now();
  }

  private forgetOld(): void {
    for (const [id, owner] of this.owners) {
      if (this.owners.size <= rememberedOwners || owner.reading !== null || isFresh(owner)) return;
      this.owners.delete(id);
    }
  }
}

function isFresh({ readAt }: Owner): boolean {
  return performance.now() - readAt < freshMs;
}
