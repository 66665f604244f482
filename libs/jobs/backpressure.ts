import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { JobReader } from './job.reader.js';

/** Counts are read again after this long; between two reads a process adds its own submits to them. */
const freshMs = 1_000;

interface Count {
  owner: number;
  readonly readAt: number;
}

export type Admission =
  { readonly outcome: 'admitted' } | { readonly outcome: 'owner_full' | 'full'; readonly retryAfterSeconds: number };

/** Refuses submits while too many tasks are unfinished: of one owner, or of everybody. */
@Injectable()
export class Backpressure {
  private readonly owners = new Map<string, Count>();
  private all = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: JobReader,
  ) {}

  /** Admits up to `wanted` jobs of an owner; the answer says for how many there was room, and why not for the rest. */
  async admit(
    ownerId: string,
    wanted: number,
  ): Promise<{ admitted: number; refusal: Exclude<Admission, { outcome: 'admitted' }> | null }> {
    const count = await this.count(ownerId);
    const ownerRoom = Math.max(0, this.config.MAX_UNFINISHED_PER_OWNER - count.owner);
    const room = Math.max(0, this.config.MAX_UNFINISHED - this.all);
    const admitted = Math.min(wanted, ownerRoom, room);
    count.owner += admitted;
    this.all += admitted;
    if (admitted === wanted) return { admitted, refusal: null };
    return room <= ownerRoom
      ? { admitted, refusal: { outcome: 'full', retryAfterSeconds: 10 } }
      : { admitted, refusal: { outcome: 'owner_full', retryAfterSeconds: 5 } };
  }

  private async count(ownerId: string): Promise<Count> {
    const known = this.owners.get(ownerId);
    if (known !== undefined && performance.now() - known.readAt < freshMs) return known;
    const { owner, all } = await this.reader.countUnfinished(ownerId, {
      owner: this.config.MAX_UNFINISHED_PER_OWNER,
      all: this.config.MAX_UNFINISHED,
    });
    const count = { owner, readAt: performance.now() };
    if (this.owners.size > 10_000) this.owners.clear();
    this.owners.set(ownerId, count);
    this.all = all;
    return count;
  }
}
