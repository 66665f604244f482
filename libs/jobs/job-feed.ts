import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobHints } from './job-hints.js';
import { JobReader, type FeedEvent } from './job.reader.js';
import { QuietLog } from './quiet-log.js';

type Listener = (events: readonly FeedEvent[]) => void;

/** A lost hint costs at most this long. */
const pollMs = 5_000;
/** Most events that one read takes; the rest comes with the next. */
const readLimit = 2_000;
/** Most jobs that one read looks at; a result may come with each. */
const jobsPerRead = 200;

interface Watcher {
  after: number;
  readonly listener: Listener;
  readonly gone: () => void;
}

/**
 * Hands the durable events of a job to those who watch it: one reader a process, however many watch. A hint only says
 * which jobs to read; the rows are what is handed on. Numbers have no gaps, so a watcher is handed an event only right
 * behind its own position, whoever the read was made for.
 */
@Injectable()
export class JobFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(JobFeed.name));
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly dirty = new Set<string>();
  private reading: Promise<void> | null = null;
  private polling: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly reader: JobReader,
    private readonly hints: JobHints,
  ) {}

  onApplicationBootstrap(): void {
    const wakeAll = () => [...this.watchers.keys()].forEach((id) => this.wake(id));
    this.unsubscribe = this.hints.subscribe((hints) => {
      for (const { id } of hints) if (this.watchers.has(id)) this.wake(id);
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
  }

  /**
   * Hands each event of a job with a number above `after` to the listener, in order and once, until the returned
   * function is called.
   * @param gone called, within the time of a poll or two, when there is no such job any more: retention has removed it,
   * or the database was restored to an earlier time.
   */
  watch(jobId: string, after: number, listener: Listener, gone: () => void = () => undefined): () => void {
    const watcher: Watcher = { after, listener, gone };
    const ofJob = this.watchers.get(jobId) ?? new Set();
    this.watchers.set(jobId, ofJob.add(watcher));
    this.wake(jobId);
    return () => {
      ofJob.delete(watcher);
      if (ofJob.size === 0 && this.watchers.get(jobId) === ofJob) this.watchers.delete(jobId);
    };
  }

  private async tellGone(): Promise<void> {
    const ids = [...this.watchers.keys()];
    try {
      const there = ids.length === 0 ? new Set() : await this.reader.existing(ids);
      for (const id of ids) if (!there.has(id)) for (const { gone } of this.watchers.get(id) ?? []) gone();
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
        this.hand(events);
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
    for (const id of [...this.dirty].slice(0, jobsPerRead)) {
      this.dirty.delete(id);
      const watched = [...(this.watchers.get(id) ?? [])].map(({ after }) => after);
      if (watched.length > 0) positions.set(id, Math.min(...watched));
    }
    return positions;
  }

  private hand(events: readonly FeedEvent[]): void {
    for (const [jobId, ofJob] of Map.groupBy(events, (event) => event.jobId)) {
      for (const watcher of [...(this.watchers.get(jobId) ?? [])]) {
        const fresh = ofJob.filter(({ seq }) => seq > watcher.after);
        const [first] = fresh;
        if (first === undefined) continue;
        // It joined after this read was sent, further back: its own events come with the next one.
        if (first.seq !== watcher.after + 1) {
          this.dirty.add(jobId);
          continue;
        }
        watcher.after = fresh.at(-1)?.seq ?? watcher.after;
        watcher.listener(fresh);
      }
    }
  }
}
