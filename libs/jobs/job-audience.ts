import type { FeedEvent } from './job.reader.js';

/** Somebody who watches one job. */
export interface Watcher {
  /** Is handed events, in order and each once. */
  readonly listener: (events: readonly FeedEvent[]) => void;
  /** Hears that no more will come: it has been handed the end of the job, there is no such job any more, or it failed. */
  readonly over: () => void;
}

/** Events for those who stand at the same place. */
export interface Delivery {
  readonly to: readonly Watcher[];
  readonly events: readonly FeedEvent[];
}

/**
 * Who watches one job, and the number of the event up to which each has been handed all. There may be thousands, and
 * nearly all of them stand at the same place: only who does not is looked at one by one.
 */
export class JobAudience {
  private readonly abreast = new Set<Watcher>();
  /** Where they stand. */
  private seq = 0;
  /** Those who stand elsewhere. They were further back when they came, or further ahead: the job was read since. */
  private apart: Map<Watcher, number> | null = null;

  get isEmpty(): boolean {
    return this.abreast.size === 0 && !this.apart?.size;
  }

  /** Everybody. */
  get all(): Watcher[] {
    return [...this.abreast, ...(this.apart?.keys() ?? [])];
  }

  /** Events behind this number are to be read. */
  get position(): number {
    let least = this.abreast.size === 0 ? Infinity : this.seq;
    for (const seq of this.apart?.values() ?? []) least = Math.min(least, seq);
    return least;
  }

  has(watcher: Watcher): boolean {
    return this.abreast.has(watcher) || this.apart?.has(watcher) === true;
  }

  /** @returns whether there may be events for it that the others have been handed already; who is first is always told so. */
  join(watcher: Watcher, seq: number): boolean {
    const isFirst = this.abreast.size === 0;
    if (isFirst) this.seq = seq;
    if (seq === this.seq) this.abreast.add(watcher);
    else (this.apart ??= new Map()).set(watcher, seq);
    return isFirst || seq < this.seq;
  }

  leave(watcher: Watcher): void {
    this.abreast.delete(watcher);
    this.apart?.delete(watcher);
  }

  /**
   * Says who gets which of the events that were read, and moves them on. Numbers have no gaps, so events go only to those
   * who stand right before them.
   * @param events of this job, in order.
   * @returns and whether to read again: somebody joined after the read was sent, and further back.
   */
  take(events: readonly FeedEvent[]): { readonly deliveries: readonly Delivery[]; readonly again: boolean } {
    const deliveries: Delivery[] = [];
    let again = false;
    const deliver = (to: readonly Watcher[], seq: number): number => {
      const fresh = events.filter((event) => event.seq > seq);
      const [first] = fresh;
      if (first === undefined) return seq;
      if (first.seq !== seq + 1) {
        again = true;
        return seq;
      }
      deliveries.push({ to, events: fresh });
      return fresh.at(-1)?.seq ?? seq;
    };
    if (this.abreast.size > 0) this.seq = deliver([...this.abreast], this.seq);
    for (const [watcher, seq] of this.apart ?? []) this.place(watcher, deliver([watcher], seq));
    return { deliveries, again };
  }

  private place(watcher: Watcher, seq: number): void {
    if (this.abreast.size === 0) this.seq = seq;
    if (seq === this.seq) {
      this.apart?.delete(watcher);
      this.abreast.add(watcher);
    } else this.apart?.set(watcher, seq);
  }
}
