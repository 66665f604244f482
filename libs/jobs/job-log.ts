import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobHints } from './job-hints.js';
import type { LogEnd, LogPosition } from './log-position.js';
import { LogReader, type LogEvent } from './log.reader.js';
import { QuietLog } from './quiet-log.js';

/** An event with the position right behind it. */
export interface LogEntry {
  readonly event: LogEvent;
  readonly position: LogPosition;
}
type Listener = (entries: readonly LogEntry[]) => void;

/** A lost hint costs at most this long. */
const pollMs = 5_000;
/** A hinted event appears when all older transactions have ended: usually within milliseconds. */
const lookAgainMs = 20;
const pageSize = 1_000;
/** Transaction numbers in one batch at most, so that no single batch is too large to sort. */
const batchSpan = 50_000n;
/** Further back than this nobody resumes: the work would have no bound. */
const longestReplay = 1_000_000n;

/**
 * The events of all jobs as one log that can be resumed anywhere, through any process. Numbers given at insert cannot
 * order it: transactions commit in another order, and a reader that goes by them misses events. So it goes by batches of
 * transactions that have all ended (`pg_snapshot_xmin`), and within a batch by job and number.
 */
@Injectable()
export class JobLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(JobLog.name));
  /** With what to call when they cannot be served on. */
  private readonly listeners = new Map<Listener, () => void>();
  /** Everything below has been handed on; null while nobody listens. */
  private floor: LogEnd | null = null;
  /** The batch that is being handed on, how far it has been, and to whom; it survives a read that fails. */
  private batchInHand: { position: LogPosition; readonly audience: readonly Listener[] } | null = null;
  private reading: Promise<void> | null = null;
  /** Newest number that a hint has announced and no read has brought yet, by job. */
  private readonly announced = new Map<string, number>();
  private again: NodeJS.Timeout | undefined;
  private polling: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly reader: LogReader,
    private readonly hints: JobHints,
  ) {}

  onApplicationBootstrap(): void {
    const look = () => void this.advance();
    this.unsubscribe = this.hints.subscribe((hints) => {
      if (this.listeners.size === 0) return;
      for (const { id, to } of hints) this.announced.set(id, Math.max(to, this.announced.get(id) ?? 0));
      look();
    }, look);
    this.polling = setInterval(() => {
      // What has not appeared by now was written by a transaction that a poll will bring.
      this.announced.clear();
      look();
    }, pollMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.polling);
    clearTimeout(this.again);
    this.unsubscribe();
    this.listeners.clear();
    await this.reading;
  }

  /**
   * Hands every event from `from` on to the listener, in the order of the log, until `stop` is called.
   * @param broken called when the database has become another one: nothing more comes, and there may be a gap.
   */
  async watch(
    listener: Listener,
    broken: () => void = () => undefined,
  ): Promise<{ readonly from: LogEnd; stop(): void }> {
    if (this.floor === null) {
      const end = await this.reader.end();
      this.floor ??= end;
    }
    this.listeners.set(listener, broken);
    const stop = () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
    // Who joins in the middle of a batch begins with the next one.
    return { from: { origin: this.floor.origin, at: this.batchInHand?.position.to ?? this.floor.at }, stop };
  }

  /** Whether a client may resume here: the position is one of this database's, and not too far back. */
  async mayResume({ origin, from, to }: LogPosition): Promise<boolean> {
    const end = await this.reader.end();
    return (
      origin === end.origin && from <= to && to <= end.at && to - from <= batchSpan && end.at - from <= longestReplay
    );
  }

  /** Events behind a position and below `upTo`, page by page. @param ownerId only those of this owner's jobs. */
  async *replay(
    position: LogPosition,
    { origin, at: upTo }: LogEnd,
    ownerId?: string,
  ): AsyncGenerator<readonly LogEntry[]> {
    yield* this.batch(position, ownerId);
    for (let from = position.to; from < upTo;) {
      const to = from + batchSpan < upTo ? from + batchSpan : upTo;
      yield* this.batch({ origin, from, to, event: null }, ownerId);
      from = to;
    }
  }

  private async *batch(start: LogPosition, ownerId?: string): AsyncGenerator<readonly LogEntry[]> {
    if (start.from === start.to) return;
    for (let position = start; ;) {
      const events = await this.reader.page(position, pageSize, ownerId);
      const entries = events.map((event) => ({ event, position: { ...start, event } }));
      if (entries.length > 0) yield entries;
      const last = entries.at(-1);
      if (last === undefined || entries.length < pageSize) return;
      position = last.position;
    }
  }

  private advance(): Promise<void> {
    this.reading ??= this.handNew()
      .catch((error: Error) => this.quiet.warn(`Events not read: ${error.message}`))
      .finally(() => {
        this.reading = null;
        this.lookAgain();
      });
    return this.reading;
  }

  private async handNew(): Promise<void> {
    if (this.listeners.size === 0) return;
    const { origin, at: end } = await this.reader.end();
    if (this.floor !== null && this.floor.origin !== origin) this.breakOff();
    while (this.floor !== null && (this.floor.at < end || this.batchInHand !== null)) {
      const from = this.floor.at;
      const to = from + batchSpan < end ? from + batchSpan : end;
      const audience = [...this.listeners.keys()];
      const batch = (this.batchInHand ??= { position: { origin, from, to, event: null }, audience });
      for await (const entries of this.batch(batch.position)) {
        this.hand(entries, batch.audience);
        batch.position = entries.at(-1)?.position ?? batch.position;
      }
      // Otherwise nobody listens any more, or somebody began anew.
      if (this.batchInHand !== batch) return;
      this.floor = { origin, at: batch.position.to };
      this.batchInHand = null;
    }
  }

  private breakOff(): void {
    const told = [...this.listeners.values()];
    this.listeners.clear();
    this.rest();
    for (const broken of told) broken();
  }

  private rest(): void {
    this.floor = null;
    this.batchInHand = null;
    this.announced.clear();
  }

  private hand(entries: readonly LogEntry[], audience: readonly Listener[]): void {
    for (const { event } of entries) {
      if ((this.announced.get(event.jobId) ?? Infinity) <= event.seq) this.announced.delete(event.jobId);
    }
    for (const listener of audience) if (this.listeners.has(listener)) listener(entries);
  }

  private lookAgain(): void {
    if (this.announced.size === 0 || this.listeners.size === 0 || this.again !== undefined) return;
    this.again = setTimeout(() => {
      this.again = undefined;
      void this.advance();
    }, lookAgainMs);
  }
}
