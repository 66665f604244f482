import { setTimeout as pause } from 'node:timers/promises';
import { isDataError } from '@longhaul/persistence';
import type { ContextSink, ProgressReport } from './job-context.js';
import { LeaseLostError } from './job-errors.js';
import type { JobProgress, LogLevel } from './job-event.js';
import type { AttemptNotes, AttemptStore } from './attempt.store.js';
import type { NewEvent, Fenced } from './job.store.js';
import { toStorableText } from './jsonb.js';

/** At most about four durable writes a second. */
const flushIntervalMs = 250;
/** Lines kept in memory between two writes; when a handler logs faster, the oldest go, and a line says how many. */
const bufferedLines = 1_000;
const messageLength = 4_000;

/** Writes what an attempt reports: coalesced, fenced, and never in the way of the handler. */
export class JobJournal implements ContextSink {
  private latest: JobProgress | null = null;
  /** How many lines were logged before the latest progress: events keep the order in which they were reported. */
  private linesBefore = 0;
  private lines: NewEvent[] = [];
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private lastWriteAt = Number.NEGATIVE_INFINITY;
  private closed = false;

  /**
   * @param onLost called when a write was refused: the attempt does not own its job any more.
   * @param onWritten called after events were committed.
   */
  constructor(
    private readonly store: AttemptStore,
    private readonly attempt: Fenced,
    private readonly actor: string,
    private readonly onLost: () => void,
    private readonly onWritten: () => void,
    private readonly onError: (error: Error) => void,
    private readonly signal: AbortSignal,
  ) {}

  progress(report: ProgressReport): void {
    this.latest = toProgress(report);
    this.linesBefore = this.lines.length;
    this.schedule();
  }

  log(level: LogLevel, message: string, data?: Record<string, unknown>): void {
    if (this.lines.length >= bufferedLines) {
      this.lines.shift();
      this.linesBefore = Math.max(0, this.linesBefore - 1);
      this.dropped += 1;
    }
    const text = toStorableText(message, messageLength);
    this.lines.push({ type: 'log', level, message: text, ...(data && { data }), actor: this.actor });
    this.schedule();
  }

  /** Repeats itself while the database cannot be reached: an outage costs no attempt. */
  checkpoint(state: unknown): Promise<void> {
    const written = this.writing.then(() => this.writeCheckpoint(state));
    // Later lines wait for it, also while it repeats itself.
    this.writing = written.catch(() => undefined);
    return written;
  }

  /** Ends the journal; what has not been written yet goes along with the outcome. */
  async close(): Promise<AttemptNotes> {
    this.closed = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
    return this.take();
  }

  private async writeCheckpoint(state: unknown): Promise<void> {
    const notes = this.take();
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
      if (this.signal.aborted) {
        // The outcome takes them along.
        this.putBack(notes);
        throw this.signal.reason;
      }
      try {
        return this.written(notes, await this.store.append(this.attempt, notes, { state }));
      } catch (error) {
        if (error instanceof LeaseLostError || isDataError(error)) throw error;
        this.onError(error as Error);
        await pause(waitMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  private written(notes: AttemptNotes, owned: boolean): void {
    if (!owned) {
      this.onLost();
      throw new LeaseLostError('The job belongs to somebody else now.');
    }
    if (notes.events.length > 0) this.onWritten();
  }

  private schedule(): void {
    if (this.closed || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastWriteAt + flushIntervalMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.writing = this.writing.then(() => this.flush());
    }, wait);
  }

  private async flush(): Promise<void> {
    this.lastWriteAt = performance.now();
    const notes = this.take();
    if (notes.events.length === 0) return;
    try {
      if (await this.store.append(this.attempt, notes)) this.onWritten();
      else this.onLost();
    } catch (error) {
      this.onError(error as Error);
      if (isDataError(error)) return;
      this.putBack(notes);
      this.schedule();
    }
  }

  private take(): AttemptNotes {
    const events: NewEvent[] = [];
    if (this.dropped > 0) {
      const message = `${this.dropped} log lines were dropped: the handler logs faster than they can be kept.`;
      events.push({ type: 'log', level: 'warn', message, actor: this.actor });
    }
    events.push(...this.lines.slice(0, this.linesBefore));
    if (this.latest !== null) {
      events.push({ type: 'progress', message: this.latest.message, data: this.latest, actor: this.actor });
    }
    events.push(...this.lines.slice(this.linesBefore));
    const notes = { progress: this.latest, events };
    this.latest = null;
    this.linesBefore = 0;
    this.lines = [];
    this.dropped = 0;
    return notes;
  }

  /** A write that failed is tried again together with what came after it. */
  private putBack(notes: AttemptNotes): void {
    const earlier = notes.events.filter(({ type }) => type === 'log');
    const position = notes.events.findIndex(({ type }) => type === 'progress');
    this.linesBefore = this.latest === null ? Math.max(0, position) : earlier.length + this.linesBefore;
    this.latest ??= notes.progress;
    const lines = [...earlier, ...this.lines];
    const tooMany = Math.max(0, lines.length - bufferedLines);
    this.dropped += tooMany;
    this.linesBefore = Math.max(0, this.linesBefore - tooMany);
    this.lines = lines.slice(-bufferedLines);
  }
}

function toProgress(report: ProgressReport): JobProgress {
  const { current = null, total = null, message = null } = report;
  const counted = current !== null && total !== null && total > 0 ? (100 * current) / total : 0;
  const percent = Math.min(100, Math.max(0, report.percent ?? counted));
  return {
    percent: Math.round(percent * 10) / 10,
    current,
    total,
    message: message === null ? null : toStorableText(message, messageLength),
  };
}
