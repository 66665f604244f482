import { api, unwrap } from '../api/client.js';
import { serverNow } from '../api/server-clock.js';
import { EventStream, type LiveState } from '../api/event-stream.js';
import { applyEvent, hasEnded, type TaskEvent } from './apply-event.js';
import type { ProgressPoint } from './eta.js';
import type { Task } from './task-filter.js';
import type { HistoryEvent } from './timeline.js';

const pageSize = 1_000;
/** Most events of a task that goes on that are read at once; later ones come by the stream. */
const mostEvents = 30_000;
const showMs = 100;
const pollMs = 3_000;
/** Milliseconds until the next look at what no stream tells: the place in line, and whether somebody retried a task. */
const lookMs: { readonly [status in Task['status']]?: number } = { PENDING: 5_000, FAILED: 10_000 };
const keptPoints = 60;

export interface HistoryState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly task: Task | null;
  /** All but progress, oldest first. */
  readonly events: readonly HistoryEvent[];
  readonly logs: readonly HistoryEvent[];
  /** Of the attempt that runs. */
  readonly points: readonly ProgressPoint[];
  readonly live: LiveState;
}

/** One task with all that has happened to it, as it goes on. */
export class TaskHistory {
  state: HistoryState = {
    status: 'loading',
    error: null,
    task: null,
    events: [],
    logs: [],
    points: [],
    live: 'reconnecting',
  };
  private task: Task | null = null;
  private events: HistoryEvent[] = [];
  private logs: HistoryEvent[] = [];
  private points: ProgressPoint[] = [];
  /** Numbers of what was taken: the stream may be ahead of the history, which then fills the gap. */
  private readonly taken = new Set<number>();
  /** Number up to which the history was read. */
  private readTo = 0;
  /** Reports of progress that came by the stream. */
  private reports = 0;
  private reading: Promise<void> | null = null;
  private isReadDue = false;
  private readonly listeners = new Set<() => void>();
  private stream: EventStream | null = null;
  private showing: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setInterval> | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly id: string) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads what has happened, then follows what happens. After a change of one's own, too. */
  async start(): Promise<void> {
    try {
      await this.read();
      this.set({ status: 'ready', error: null });
      this.watch();
      this.lookLater();
    } catch (error) {
      this.set({ status: 'failed', error });
    }
  }

  stop(): void {
    this.unwatch();
    clearTimeout(this.showing);
    clearTimeout(this.looking);
  }

  /** Reads what is new. One at a time, so that an older answer never comes after a newer one; who asks meanwhile gets the next. */
  private async read(): Promise<void> {
    if (this.reading !== null) {
      this.isReadDue = true;
      return this.reading;
    }
    const read = async () => {
      do {
        this.isReadDue = false;
        await this.readOnce();
      } while (this.isReadDue);
    };
    this.reading = read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const path = { id: this.id };
    const { reports } = this;
    const task = await unwrap(api.GET('/tasks/{id}', { params: { path } }));
    // What was reported while the answer was on its way is newer than the answer.
    this.task = this.reports > reports && this.task !== null ? { ...task, progress: this.task.progress } : task;
    this.show();
    for (let read = 0; read < mostEvents || hasEnded(task); read += pageSize) {
      const query = { after: this.readTo, limit: pageSize };
      const page = await unwrap(api.GET('/tasks/{id}/events', { params: { path, query } }));
      for (const event of page) this.take(event);
      this.readTo = page.at(-1)?.seq ?? this.readTo;
      if (page.length < pageSize) break;
      this.showing ??= setTimeout(() => this.show(), showMs);
    }
    this.show();
  }

  private unwatch(): void {
    this.stream?.close();
    this.stream = null;
    clearInterval(this.polling);
  }

  private watch(): void {
    this.unwatch();
    if (this.listeners.size === 0 || this.task === null || hasEnded(this.task)) return;
    this.stream = new EventStream({
      path: `/tasks/${this.id}/stream?from=${this.readTo}`,
      onMessage: (event) => this.hear(event as TaskEvent),
      onState: (live) => this.became(live),
      onEnd: () => void this.reread(),
    });
  }

  private became(live: LiveState): void {
    if (live === this.state.live) return;
    this.set({ live });
    clearInterval(this.polling);
    if (live !== 'polling') return;
    this.polling = setInterval(() => void this.reread(), pollMs);
    void this.reread();
  }

  private hear(event: TaskEvent): void {
    if (this.task !== null) this.task = applyEvent(this.task, event);
    if (event.type === 'progress') this.reports += 1;
    if (event.type === 'progress' || event.type === 'log') this.take({ ...event, actor: '' });
    // Who caused a change, and a result, stand in the history alone.
    else void this.reread();
    this.showing ??= setTimeout(() => this.show(), showMs);
  }

  private async reread(): Promise<void> {
    try {
      await this.read();
      // Nothing more comes, also when no stream can be had to say so.
      if (this.task !== null && hasEnded(this.task)) this.unwatch();
      else if (this.stream === null) this.watch();
    } catch {
      // What is shown stays; the next event, poll or look reads again.
    }
    this.lookLater();
  }

  private lookLater(): void {
    clearTimeout(this.looking);
    const ms = this.task === null ? undefined : lookMs[this.task.status];
    if (ms !== undefined && this.listeners.size > 0) this.looking = setTimeout(() => this.lookAgain(), ms);
  }

  private lookAgain(): void {
    const isDue = this.task?.status !== 'PENDING' || Date.parse(this.task.run_at) <= serverNow();
    if (isDue && document.visibilityState === 'visible') void this.reread();
    else this.lookLater();
  }

  private take(event: HistoryEvent): void {
    if (this.taken.has(event.seq)) return;
    this.taken.add(event.seq);
    if (event.type === 'progress') {
      this.points.push({ at: Date.parse(event.timestamp), percent: event.progress?.percent ?? 0 });
      this.points = this.points.slice(-keptPoints);
      return;
    }
    if (event.type === 'started') this.points = [];
    insert(event.type === 'log' ? this.logs : this.events, event);
  }

  private show(): void {
    clearTimeout(this.showing);
    this.showing = undefined;
    this.set({});
  }

  private set(change: Partial<HistoryState>): void {
    const { task, events, logs, points } = this;
    this.state = { ...this.state, task, events: [...events], logs: [...logs], points: [...points], ...change };
    for (const listener of this.listeners) listener();
  }
}

/** Keeps the order of the numbers; nearly always a new one comes last. */
function insert(events: HistoryEvent[], event: HistoryEvent): void {
  const before = events.findLastIndex(({ seq }) => seq < event.seq);
  events.splice(before + 1, 0, event);
}
