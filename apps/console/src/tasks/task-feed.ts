import { EventStream, type LiveState } from '../api/event-stream.js';
import { api } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { applyEvent, hasEnded, type TaskEvent } from './apply-event.js';
import type { Task, TaskQuery } from './task-filter.js';

const pageSize = 100;
/** Most pages that are asked for at once to catch up. */
const catchUpPages = 5;
/** Milliseconds in which changes are shown together. */
const showMs = 100;
/** Milliseconds from one look for new tasks to the next. */
const lookMs = 1_000;
const pollMs = 3_000;

export interface FeedState {
  /** Newest first. */
  readonly tasks: readonly Task[];
  readonly status: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly live: LiveState;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Why the next page is not asked for until somebody wants it: the last try failed, or its page held none that fits. */
  readonly halt: 'failed' | 'none-found' | null;
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
    halt: null,
  };
  /** Newest first: ids are times. */
  private ids: string[] = [];
  private readonly tasks = new Map<string, Task>();
  private readonly listeners = new Set<() => void>();
  private stream: EventStream | null = null;
  private cursor: string | null = null;
  /** Whether the tasks have changed since they were shown. */
  private isStale = false;
  /** Number of the newest event of the stream, and of the newest of each task: an answer that was asked for before is older. */
  private heard = 0;
  private readonly heardOf = new Map<string, number>();
  private showing: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setTimeout> | undefined;

  /** @param query the filter as `GET /tasks` takes it. */
  constructor(private readonly query: TaskQuery) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async start(): Promise<void> {
    this.set({ status: 'loading', error: null });
    try {
      const page = await this.page(null);
      this.cursor = page.next;
      this.take(page);
      this.set({ status: 'ready', hasMore: page.next !== null, halt: haltAfter(page) });
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
    clearTimeout(this.polling);
  }

  /** Reads the next page, also after a halt. */
  async more(): Promise<void> {
    if (this.cursor === null || this.state.isLoadingMore) return;
    this.set({ isLoadingMore: true, halt: null });
    try {
      const page = await this.page(this.cursor);
      this.cursor = page.next;
      this.take(page);
      this.set({ isLoadingMore: false, hasMore: page.next !== null, halt: haltAfter(page) });
    } catch {
      this.set({ isLoadingMore: false, halt: 'failed' });
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
      onEnd: (error) => {
        this.stream = null;
        if (error !== null) this.set({ status: 'failed', error });
      },
    });
  }

  private became(live: LiveState): void {
    if (live === this.state.live) return;
    this.set({ live });
    clearTimeout(this.polling);
    if (live === 'polling') void this.poll();
  }

  private async poll(): Promise<void> {
    await this.catchUp();
    clearTimeout(this.polling);
    if (this.stream === null || this.state.live !== 'polling') return;
    this.polling = setTimeout(() => void this.poll(), pollMs);
  }

  private hear(message: Message): void {
    if ('tasks' in message) {
      for (const task of message.tasks) this.put(task);
      // What happened before it was not kept for us: tasks may have ended, or left the filter.
      this.look();
      return;
    }
    const known = this.tasks.get(message.task_id);
    this.heard += 1;
    this.heardOf.set(message.task_id, this.heard);
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

  /** Reads the newest pages, until one holds nothing that was unknown and nothing below it may have changed. */
  private async catchUp(): Promise<void> {
    let cursor: string | null = null;
    let above: string | null = null;
    try {
      for (let pages = 0; pages < catchUpPages; pages += 1) {
        const listed = [...this.ids];
        const page: Page = await this.page(cursor);
        const isNew = page.tasks.some(({ task_id }) => !this.tasks.has(task_id));
        this.take(page);
        this.dropMissing(page, listed, above);
        cursor = page.next;
        above = page.tasks.at(-1)?.task_id ?? above;
        if (cursor === null || (!isNew && !this.hasOpenBelow(above))) return;
      }
    } catch {
      // The next event or poll asks again.
    }
  }

  /**
   * Drops what the list does not hold any more: no event says so to who was away when it left the filter.
   * @param listed what was shown when the page was asked for. @param above end of the page before.
   */
  private dropMissing({ tasks, next }: Page, listed: readonly string[], above: string | null): void {
    const there = new Set(tasks.map(({ task_id }) => task_id));
    const end = next === null ? '' : (tasks.at(-1)?.task_id ?? above);
    if (end === null) return;
    const isCovered = (id: string) => (above === null || id < above) && id >= end;
    const gone = new Set(listed.filter((id) => isCovered(id) && !there.has(id)));
    for (const id of gone) this.tasks.delete(id);
    if (gone.size > 0) this.ids = this.ids.filter((id) => !gone.has(id));
    this.showSoon();
  }

  private hasOpenBelow(end: string | null): boolean {
    return this.ids.some((id) => end !== null && id < end && !hasEnded(this.tasks.get(id) ?? { status: 'SUCCESS' }));
  }

  private async page(cursor: string | null): Promise<Page> {
    const asked = this.heard;
    const { status, task_type: kind, ...others } = this.query;
    const lists = { ...(status && { status: [status] }), ...(kind !== undefined && { task_type: [kind] }) };
    const query = { ...others, ...lists, limit: pageSize, ...(cursor !== null && { cursor }) };
    const { items, next } = await unwrapPage(api.GET('/tasks', { params: { query } }));
    return { tasks: items, next, asked };
  }

  private take({ tasks, asked }: Page): void {
    for (const task of tasks) {
      const isOlder = this.tasks.has(task.task_id) && (this.heardOf.get(task.task_id) ?? 0) > asked;
      if (!isOlder) this.put(task);
    }
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
    this.showSoon();
  }

  private showSoon(): void {
    this.isStale = true;
    this.showing ??= setTimeout(() => this.show(), showMs);
  }

  private wants(status: Task['status']): boolean {
    return this.query.status === undefined || this.query.status === status;
  }

  private show(): void {
    this.showing = undefined;
    if (this.isStale) this.set({});
  }

  private set(change: Partial<FeedState>): void {
    this.state = { ...this.state, ...change };
    if (this.isStale) this.state = { ...this.state, tasks: this.ids.flatMap((id) => this.tasks.get(id) ?? []) };
    this.isStale = false;
    for (const listener of this.listeners) listener();
  }
}

interface Page {
  readonly tasks: readonly Task[];
  readonly next: string | null;
  /** Number of the newest event when it was asked for. */
  readonly asked: number;
}

/** The api looks at a limited number of tasks for a page, and may find none among them. */
function haltAfter({ tasks, next }: Page): FeedState['halt'] {
  return tasks.length === 0 && next !== null ? 'none-found' : null;
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
