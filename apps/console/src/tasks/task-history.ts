import { api, unwrap } from '../api/client.js';
import { EventStream, type LiveState } from '../api/event-stream.js';
import { applyEvent, hasEnded, type TaskEvent } from './apply-event.js';
import type { ProgressPoint } from './eta.js';
import type { Task } from './task-filter.js';
import type { HistoryEvent } from './timeline.js';

const pageSize = 1_000;
/** Most events that are read; later ones still come by the stream. */
const mostEvents = 30_000;
const showMs = 100;
const pollMs = 5_000;
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
  /** Number of the newest event that was taken. */
  private seen = 0;
  private readonly listeners = new Set<() => void>();
  private stream: EventStream | null = null;
  private showing: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setInterval> | undefined;

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
    } catch (error) {
      this.set({ status: 'failed', error });
    }
  }

  stop(): void {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.showing);
    clearInterval(this.polling);
  }

  private async read(): Promise<void> {
    const path = { id: this.id };
    this.task = await unwrap(api.GET('/tasks/{id}', { params: { path } }));
    this.show();
    for (let read = 0; read < mostEvents; read += pageSize) {
      const query = { after: this.seen, limit: pageSize };
      const page = await unwrap(api.GET('/tasks/{id}/events', { params: { path, query } }));
      for (const event of page) this.take(event);
      this.show();
      if (page.length < pageSize) return;
    }
  }

  private watch(): void {
    this.stream?.close();
    this.stream = null;
    if (this.listeners.size === 0 || this.task === null || hasEnded(this.task)) return;
    this.stream = new EventStream({
      path: `/tasks/${this.id}/stream?from=${this.seen}`,
      onMessage: (event) => this.hear(event as TaskEvent),
      onState: (live) => this.became(live),
      onEnd: () => void this.reread(),
    });
  }

  private became(live: LiveState): void {
    if (live === this.state.live) return;
    this.set({ live });
    clearInterval(this.polling);
    if (live === 'polling') this.polling = setInterval(() => void this.reread(), pollMs);
  }

  private hear(event: TaskEvent): void {
    if (this.task !== null) this.task = applyEvent(this.task, event);
    if (event.type === 'progress' || event.type === 'log') this.take({ ...event, actor: '' });
    // Who caused a change, and a result, stand in the history alone.
    else void this.reread();
    this.showing ??= setTimeout(() => this.show(), showMs);
  }

  private async reread(): Promise<void> {
    try {
      await this.read();
    } catch {
      // What is shown stays; the next event or poll reads again.
    }
  }

  private take(event: HistoryEvent): void {
    if (event.seq <= this.seen) return;
    this.seen = event.seq;
    if (event.type === 'progress') {
      this.points.push({ at: Date.parse(event.timestamp), percent: event.progress?.percent ?? 0 });
      this.points = this.points.slice(-keptPoints);
      return;
    }
    if (event.type === 'started') this.points = [];
    if (event.type === 'log') this.logs.push(event);
    else this.events.push(event);
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
