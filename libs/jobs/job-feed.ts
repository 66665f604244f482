import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobAudience, type Delivery, type Watcher } from './job-audience.js';
import { JobHints } from './job-hints.js';
import { statusAfter } from './job-event.js';
import { isTerminal } from './job-status.js';
import { JobReader, type FeedEvent } from './job.reader.js';
import { QuietLog } from './quiet-log.js';

/** A lost hint costs at most this long. */
const pollMs = 5_000;
/** Most events that one read takes; the rest comes with the next. */
const readLimit = 2_000;
/** Most jobs that one read looks at; a result may come with each. */
const jobsPerRead = 200;
/** Watchers that are served before other work has its turn: a few milliseconds. */
const servedPerTurn = 250;
/** Watchers that then hear that it is over. */
const finishedPerTurn = 25;

/**
 * Hands the durable events of a job to those who watch it: one reader a process, however many watch. A hint only says
 * which jobs to read; the rows are what is handed on. Numbers have no gaps, so a watcher is handed an event only right
 * behind its own position, whoever the read was made for.
 */
@Injectable()
export class JobFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(JobFeed.name));
  private readonly audiences = new Map<string, JobAudience>();
  private readonly dirty = new Set<string>();
  private reading: Promise<void> | null = null;
  /** All watchers that were served. */
  private served = 0;
  /** Those who are still to hear that it is over. */
  private readonly finished: { readonly watcher: Watcher; readonly audience: JobAudience }[] = [];
  private finishing: Promise<void> | null = null;
  private polling: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly reader: JobReader,
    private readonly hints: JobHints,
  ) {}

  onApplicationBootstrap(): void {
    const wakeAll = () => [...this.audiences.keys()].forEach((id) => this.wake(id));
    this.unsubscribe = this.hints.subscribe((hints) => {
      for (const { id } of hints) if (this.audiences.has(id)) this.wake(id);
    }, wakeAll);
    this.polling = setInterval(() => {
      wakeAll();
      void this.tellGone();
    }, pollMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.polling);
    this.unsubscribe();
    await this.reading;
    await this.finishing;
  }

  /**
   * Hands each event of a job with a number above `after` to the listener, in order and once, until the returned
   * function is called.
   * @param over called when no more will come: after the event that ends the job, unless the job was started again
   * since; or, within the time of a poll or two, when there is no such job any more: retention has removed it, or the
   * database was restored to an earlier time.
   */
  watch(
    jobId: string,
    after: number,
    listener: Watcher['listener'],
    over: Watcher['over'] = () => undefined,
  ): () => void {
    const audience = this.audiences.get(jobId) ?? new JobAudience();
    this.audiences.set(jobId, audience);
    const leave = () => {
      audience.leave(watcher);
      if (audience.isEmpty && this.audiences.get(jobId) === audience) this.audiences.delete(jobId);
    };
    const watcher: Watcher = { listener, over: () => this.tellOver(over, leave) };
    // Who is abreast of others hears what they hear, and needs no read of its own.
    if (audience.join(watcher, after)) this.wake(jobId);
    return leave;
  }

  /** Never throws: the others are to be told, too. Who fails even at this gets nothing more. */
  private tellOver(over: Watcher['over'], leave: () => void): void {
    try {
      over();
    } catch (error) {
      this.quiet.warn(`A watcher not told that it is over: ${(error as Error).message}`);
      leave();
    }
  }

  private async tellGone(): Promise<void> {
    const ids = [...this.audiences.keys()];
    try {
      const there = ids.length === 0 ? new Set() : await this.reader.existing(ids);
      for (const id of ids) if (!there.has(id)) for (const { over } of this.audiences.get(id)?.all ?? []) over();
    } catch {
      // The next poll looks again.
    }
  }

  private wake(jobId: string): void {
    this.dirty.add(jobId);
    this.reading ??= this.readAll().finally(() => (this.reading = null));
  }

  private async readAll(): Promise<void> {
    // Leaves the caller's turn first: many watchers that begin together share one query.
    await Promise.resolve();
    while (this.dirty.size > 0) {
      const positions = this.takePositions();
      if (positions.size === 0) continue;
      try {
        const events = await this.reader.eventsAfter(positions, readLimit);
        await this.hand(events);
        // A full read may have left some out: those jobs are read again.
        if (events.length >= readLimit) for (const id of positions.keys()) this.dirty.add(id);
      } catch (error) {
        // The poll reads again what was missed.
        this.quiet.warn(`Events not read: ${(error as Error).message}`);
        return;
      }
    }
  }

  private takePositions(): Map<string, number> {
    const positions = new Map<string, number>();
    for (const id of this.dirty) {
      if (positions.size === jobsPerRead) break;
      this.dirty.delete(id);
      const audience = this.audiences.get(id);
      if (audience !== undefined) positions.set(id, audience.position);
    }
    return positions;
  }

  private async hand(events: readonly FeedEvent[]): Promise<void> {
    for (const [jobId, ofJob] of Map.groupBy(events, (event) => event.jobId)) {
      const audience = this.audiences.get(jobId);
      if (audience === undefined) continue;
      const { deliveries, again } = audience.take(ofJob);
      if (again) this.dirty.add(jobId);
      for (const delivery of deliveries) await this.deliver(delivery, audience);
    }
  }

  private async deliver({ to, events }: Delivery, audience: JobAudience): Promise<void> {
    for (const watcher of to) {
      if (audience.has(watcher)) this.serve(watcher, events);
      this.served += 1;
      // Thousands of watchers of one job must not keep everybody else waiting.
      if (this.served % servedPerTurn === 0) await nextTurn();
    }
    const last = events.at(-1);
    if (!last?.newest || !isTerminal(statusAfter(last.type))) return;
    for (const watcher of to) this.finished.push({ watcher, audience });
    this.finishing ??= this.finish()
      .catch((error: Error) => this.quiet.warn(`Watchers not told that it is over: ${error.message}`))
      .finally(() => (this.finishing = null));
  }

  /** They all count as served: who could not be must not go on behind a gap, and the others get theirs. */
  private serve(watcher: Watcher, events: readonly FeedEvent[]): void {
    try {
      watcher.listener(events);
    } catch (error) {
      this.quiet.warn(`Events not handed on: ${(error as Error).message}`);
      watcher.over();
    }
  }

  /** Beside the next deliveries: to end thousands of streams takes much longer than to write to them. */
  private async finish(): Promise<void> {
    while (this.finished.length > 0) {
      await nextTurn();
      for (const { watcher, audience } of this.finished.splice(0, finishedPerTurn)) {
        if (audience.has(watcher)) watcher.over();
      }
    }
  }
}
