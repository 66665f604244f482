import { Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { JobHints, type JobHint } from './job-hints.js';
import { JobReader, type FeedEvent } from './job.reader.js';
import { QuietLog } from './quiet-log.js';

type Listener = (events: readonly FeedEvent[]) => void;

/** A lost hint costs at most this long. */
const pollMs = 5_000;
/** Most events that one read takes; the rest comes with the next. */
const readLimit = 2_000;
/** A transaction that began this long ago has ended, so nothing older can still appear. */
const overlapMs = 15_000;

interface Watcher {
  after: number;
  readonly listener: Listener;
}

/**
 * Hands durable events to watchers: one reader a process, however many watch. A hint only says which jobs to read; the
 * rows are what is handed on, by number and after the watcher's own position, so each event comes once and in order.
 */
@Injectable()
export class JobFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(JobFeed.name));
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly everything = new Set<Listener>();
  /** Jobs to read, each with the position to read from on behalf of those who watch everything. */
  private readonly dirty = new Map<string, number>();
  /** Newest number handed to those who watch everything, by job, with the time it was handed on. */
  private readonly handed = new Map<string, { seq: number; at: number }>();
  private reading: Promise<void> | null = null;
  private polling: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly reader: JobReader,
    private readonly hints: JobHints,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = this.hints.subscribe(
      (hints) => this.hear(hints),
      () => void this.poll(),
    );
    this.polling = setInterval(() => void this.poll(), pollMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.polling);
    this.unsubscribe();
    await this.reading;
  }

  /**
   * Hands each event of a job with a number above `after` to the listener, in order and once, until the returned
   * function is called.
   */
  watch(jobId: string, after: number, listener: Listener): () => void {
    const watcher: Watcher = { after, listener };
    const ofJob = this.watchers.get(jobId) ?? new Set();
    this.watchers.set(jobId, ofJob.add(watcher));
    this.wake(jobId);
    return () => {
      ofJob.delete(watcher);
      if (ofJob.size === 0 && this.watchers.get(jobId) === ofJob) this.watchers.delete(jobId);
    };
  }

  /** Hands every new event of every job to the listener, in order within each job. */
  watchAll(listener: Listener): () => void {
    this.everything.add(listener);
    return () => {
      this.everything.delete(listener);
      if (this.everything.size === 0) this.handed.clear();
    };
  }

  /** Events of all jobs since a moment, in order of time. */
  recent(since: Date, limit: number): Promise<FeedEvent[]> {
    return this.reader.recentEvents(since, limit);
  }

  private hear(hints: readonly JobHint[]): void {
    for (const { id, from } of hints) {
      if (this.everything.size > 0) {
        this.wake(id, this.handed.get(id)?.seq ?? from - 1);
      } else if (this.watchers.has(id)) {
        this.wake(id);
      }
    }
  }

  private wake(jobId: string, after = Number.POSITIVE_INFINITY): void {
    this.dirty.set(jobId, Math.min(after, this.dirty.get(jobId) ?? Number.POSITIVE_INFINITY));
    this.reading ??= this.readAll().finally(() => (this.reading = null));
  }

  private async readAll(): Promise<void> {
    // Leaves the caller's turn first: many watchers that begin together share one query.
    await Promise.resolve();
    while (this.dirty.size > 0) {
      const positions = this.takePositions();
      try {
        const events = await this.reader.eventsAfter(positions, readLimit);
        this.hand(events);
        // A full read may have left some out: those jobs are read again.
        if (events.length >= readLimit) for (const [id] of positions) this.dirty.set(id, Number.POSITIVE_INFINITY);
      } catch (error) {
        // The poll reads again what was missed.
        this.quiet.warn(`Events not read: ${(error as Error).message}`);
        return;
      }
    }
  }

  private takePositions(): Map<string, number> {
    const positions = new Map<string, number>();
    for (const [id, wide] of this.dirty) {
      const watched = [...(this.watchers.get(id) ?? [])].map(({ after }) => after);
      const after = Math.min(wide, ...watched);
      if (Number.isFinite(after)) positions.set(id, after);
    }
    this.dirty.clear();
    return positions;
  }

  private hand(events: readonly FeedEvent[]): void {
    for (const [jobId, ofJob] of Map.groupBy(events, (event) => event.jobId)) {
      for (const watcher of this.watchers.get(jobId) ?? []) {
        const fresh = ofJob.filter(({ seq }) => seq > watcher.after);
        const last = fresh.at(-1);
        if (last === undefined) continue;
        watcher.after = last.seq;
        watcher.listener(fresh);
      }
      this.handToEverything(jobId, ofJob);
    }
  }

  private handToEverything(jobId: string, events: readonly FeedEvent[]): void {
    if (this.everything.size === 0) return;
    const known = this.handed.get(jobId)?.seq ?? 0;
    const fresh = events.filter(({ seq }) => seq > known);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.handed.set(jobId, { seq: last.seq, at: Date.now() });
    this.everything.forEach((listener) => listener(fresh));
  }

  private async poll(): Promise<void> {
    for (const id of this.watchers.keys()) this.wake(id);
    if (this.everything.size === 0) return;
    try {
      this.hand(await this.reader.recentEvents(new Date(Date.now() - pollMs - overlapMs), readLimit));
    } catch (error) {
      this.quiet.warn(`Events not read: ${(error as Error).message}`);
    }
    for (const [id, { at }] of this.handed) if (Date.now() - at > 10 * overlapMs) this.handed.delete(id);
  }
}
