import { EventStream, type LiveState } from '../api/event-stream.js';
import { authorizedFetch } from '../api/client.js';
import { problemOf } from '../api/problem.js';
import { applyEvent, type TaskEvent } from './apply-event.js';
import type { Task, TaskQuery } from './task-filter.js';

const pageSize = 100;
/** Most pages that are asked for at once to catch up with new tasks. */
const catchUpPages = 5;
/** Milliseconds in which changes are shown together. */
const showMs = 100;
/** Milliseconds from one look for new tasks to the next. */
const lookMs = 1_000;
const pollMs = 5_000;

export interface FeedState {
  /** Newest first. */
  readonly tasks: readonly Task[];
  readonly status: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly live: LiveState;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
}

type Message = TaskEvent | { readonly type: 'snapshot'; readonly tasks: readonly Task[] };

/** The tasks of one filter as they change: pages from the list, everything after that by one stream. */
export class TaskFeed {
  state: FeedState = {
    tasks: [],
    status: 'loading',
    error: null,
    live: 'reconnecting',
    hasMore: false,
    isLoadingMore: false,
  };
  /** Newest first: ids are times. */
  private ids: string[] = [];
  private readonly tasks = new Map<string, Task>();
  private readonly listeners = new Set<() => void>();
  private stream: EventStream | null = null;
  private cursor: string | null = null;
  private snapshots = 0;
  private showing: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setInterval> | undefined;

  /** @param query the filter as `GET /tasks` takes it. */
  constructor(private readonly query: TaskQuery) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async start(): Promise<void> {
    this.set({ status: 'loading', error: null });
    try {
      const { tasks, next } = await this.page(null);
      this.cursor = next;
      this.take(tasks);
      this.set({ status: 'ready', hasMore: next !== null });
      this.watch();
    } catch (error) {
      this.set({ status: 'failed', error });
    }
  }

  stop(): void {
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.showing);
    clearTimeout(this.looking);
    clearInterval(this.polling);
  }

  async more(): Promise<void> {
    if (this.cursor === null || this.state.isLoadingMore) return;
    this.set({ isLoadingMore: true });
    try {
      const { tasks, next } = await this.page(this.cursor);
      this.cursor = next;
      this.take(tasks);
      this.set({ isLoadingMore: false, hasMore: next !== null });
    } catch {
      // Scrolling on asks again.
      this.set({ isLoadingMore: false });
    }
  }

  /** Looks for changes at once, such as after a change of one's own. */
  refresh(): void {
    clearTimeout(this.looking);
    this.looking = undefined;
    void this.catchUp();
  }

  private watch(): void {
    if (this.stream !== null || this.listeners.size === 0) return;
    const query = new URLSearchParams({ ...this.query, limit: String(pageSize) });
    this.stream = new EventStream({
      path: `/tasks/stream?${query}`,
      onMessage: (message) => this.hear(message as Message),
      onState: (live) => this.became(live),
      onEnd: (error) => error !== null && this.set({ status: 'failed', error }),
    });
  }

  private became(live: LiveState): void {
    if (live === this.state.live) return;
    this.set({ live });
    clearInterval(this.polling);
    if (live === 'polling') this.polling = setInterval(() => void this.catchUp(), pollMs);
  }

  private hear(message: Message): void {
    if ('tasks' in message) {
      this.take(message.tasks);
      // What happened to older ones meanwhile was not kept for us.
      if (this.snapshots > 0) this.look();
      this.snapshots += 1;
      return;
    }
    const known = this.tasks.get(message.task_id);
    if (known !== undefined) this.put(applyEvent(known, message));
    else if (this.belongs(message)) this.look();
  }

  /** Whether an unknown task is one of the part of the list that is loaded. */
  private belongs({ task_id, status }: TaskEvent): boolean {
    if (!this.wants(status)) return false;
    const oldest = this.ids.at(-1);
    return this.cursor === null || oldest === undefined || task_id > oldest;
  }

  private look(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      void this.catchUp();
    }, lookMs);
  }

  /** Reads the newest pages until one holds nothing that was unknown. */
  private async catchUp(): Promise<void> {
    let cursor: string | null = null;
    try {
      for (let pages = 0; pages < catchUpPages; pages += 1) {
        const { tasks, next }: Page = await this.page(cursor);
        const isNew = tasks.some(({ task_id }) => !this.tasks.has(task_id));
        this.take(tasks);
        cursor = next;
        if (cursor === null || !isNew) return;
      }
    } catch {
      // The next event or poll asks again.
    }
  }

  private async page(cursor: string | null): Promise<Page> {
    const query = new URLSearchParams({ ...this.query, limit: String(pageSize), ...(cursor !== null && { cursor }) });
    const answer = await authorizedFetch(`/tasks?${query}`);
    const body: unknown = await answer.json();
    if (!answer.ok) throw problemOf(answer.status, body);
    return { tasks: body as Task[], next: nextCursor(answer.headers.get('link')) };
  }

  private take(tasks: readonly Task[]): void {
    for (const task of tasks) this.put(task);
  }

  private put(task: Task): void {
    const { task_id: id } = task;
    const isListed = this.tasks.has(id);
    if (this.wants(task.status)) {
      this.tasks.set(id, task);
      if (!isListed) insert(this.ids, id);
    } else if (isListed) {
      this.tasks.delete(id);
      this.ids = this.ids.filter((other) => other !== id);
    }
    this.showing ??= setTimeout(() => this.show(), showMs);
  }

  private wants(status: Task['status']): boolean {
    return this.query.status === undefined || this.query.status === status;
  }

  private show(): void {
    clearTimeout(this.showing);
    this.showing = undefined;
    this.set({});
  }

  private set(change: Partial<FeedState>): void {
    const tasks = this.ids.flatMap((id) => this.tasks.get(id) ?? []);
    this.state = { ...this.state, ...change, tasks };
    for (const listener of this.listeners) listener();
  }
}

interface Page {
  readonly tasks: readonly Task[];
  readonly next: string | null;
}

/** From `Link: <…?cursor=…>; rel="next"`. */
function nextCursor(link: string | null): string | null {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return address === undefined ? null : new URL(address, location.origin).searchParams.get('cursor');
}

/** Keeps the newest first; new ones come in front, pages at the end. */
function insert(ids: string[], id: string): void {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? '') > id) low = middle + 1;
    else high = middle;
  }
  ids.splice(low, 0, id);
}
