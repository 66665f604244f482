import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { idOf, makeEvent, makeTask } from './testing.js';
import type { FeedState, TaskFeed } from './task-feed.js';
import type { Task, TaskQuery } from './task-filter.js';

/** An api that answers when the test says so. */
class Api {
  /** Newest first; a page holds two. */
  tasks: Task[] = [];
  streams: ServerResponse[] = [];
  /** What a list is held back by, for as long as it is not resolved. */
  gate: Promise<void> = Promise.resolve();
  reads = 0;
  isBroken = false;
  onRead = (): void => undefined;
  private events = 0;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  say(message: object): void {
    this.events += 1;
    for (const stream of this.streams) stream.write(`id: ${this.events}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  private async answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(url, 'http://api.test');
    if (pathname === '/tasks/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
      this.streams.push(response);
      return;
    }
    this.reads += 1;
    const status = searchParams.get('status');
    const from = Number(searchParams.get('cursor') ?? 0);
    const fitting = this.tasks.filter((task) => status === null || task.status === status);
    this.onRead();
    await this.gate;
    if (this.isBroken) {
      response.writeHead(500).end();
      return;
    }
    const link = `</tasks?cursor=${from + 2}>; rel="next"`;
    response.writeHead(200, { 'content-type': 'application/json', ...(fitting.length > from + 2 && { link }) });
    response.end(JSON.stringify(fitting.slice(from, from + 2)));
  }
}

describe('the tasks of a list as they change', () => {
  let api: Api;
  let feed: TaskFeed;
  beforeEach(async () => {
    api = new Api();
    // Its client keeps the origin that it was made with.
    jest.resetModules();
    Object.defineProperty(globalThis, 'location', { value: { origin: await api.start() }, configurable: true });
  });
  afterEach(() => {
    feed.stop();
    api.stop();
  });

  /** Resolves when the list is as wanted. */
  const shows = (holds: (state: FeedState) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const forget = feed.subscribe(() => look());
      const look = () => {
        if (!holds(feed.state)) return;
        forget();
        resolve();
      };
      look();
    });
  const ids = ({ tasks }: FeedState) => tasks.map(({ task_id }) => task_id).join();
  const are = (...numbers: number[]) => shows((state) => ids(state) === numbers.map(idOf).join());
  const open = async (query: TaskQuery, tasks: Task[]) => {
    api.tasks = tasks;
    const module = await import('./task-feed.js');
    feed = new module.TaskFeed(query);
    feed.subscribe(() => undefined);
    await feed.start();
    await shows(() => api.streams.length > 0);
  };

  it('comes in pages, of which none is asked for twice', async () => {
    await open(
      {},
      [3, 2, 1].map((number) => makeTask(number, 'SUCCESS')),
    );
    await are(3, 2);
    expect(feed.state.hasMore).toBe(true);
    await Promise.all([feed.more(), feed.more()]);
    await are(3, 2, 1);
    await feed.more();
    expect([feed.state.hasMore, api.reads]).toEqual([false, 2]);
  });

  it('asks for a page that failed when it is told to, not by itself', async () => {
    await open(
      {},
      [3, 2, 1].map((number) => makeTask(number, 'SUCCESS')),
    );
    api.isBroken = true;
    await feed.more();
    expect(feed.state).toMatchObject({ halt: 'failed', isLoadingMore: false, hasMore: true });
    api.isBroken = false;
    await feed.more();
    await are(3, 2, 1);
    expect([feed.state.halt, api.reads]).toEqual([null, 3]);
  });

  it('loses what leaves the filter, also when nobody was told', async () => {
    await open(
      { status: 'PENDING' },
      [3, 2, 1].map((number) => makeTask(number, 'PENDING')),
    );
    await feed.more();
    await are(3, 2, 1);
    api.say(makeEvent('started', 'RUNNING', 1, { task_id: idOf(3) }));
    await are(2, 1);
    // The second one began while there was no stream.
    api.tasks = [makeTask(1, 'PENDING')];
    feed.refresh();
    await are(1);
  });

  it('loses what ended between the list and its stream', async () => {
    await open({ status: 'RUNNING' }, [makeTask(2, 'RUNNING'), makeTask(1, 'RUNNING')]);
    await are(2, 1);
    api.tasks = [makeTask(2, 'RUNNING')];
    api.say({ type: 'snapshot', tasks: api.tasks });
    await are(2);
  });

  it('takes in a task that is new, and only when it fits', async () => {
    await open({ status: 'PENDING' }, [makeTask(1, 'PENDING')]);
    api.say(makeEvent('submitted', 'RUNNING', 1, { task_id: idOf(3) }));
    api.tasks = [makeTask(2, 'PENDING'), makeTask(1, 'PENDING')];
    api.say(makeEvent('submitted', 'PENDING', 1, { task_id: idOf(2) }));
    await are(2, 1);
  });

  it('believes an event rather than an answer that was asked for before', async () => {
    await open({}, [makeTask(1, 'RUNNING')]);
    let release = (): void => undefined;
    api.gate = new Promise((resolve) => (release = resolve));
    api.tasks = [makeTask(2, 'PENDING'), makeTask(1, 'RUNNING')];
    const asked = new Promise<void>((resolve) => (api.onRead = resolve));
    feed.refresh();
    await asked;
    api.say(makeEvent('succeeded', 'SUCCESS', 5));
    await shows(({ tasks }) => tasks[0]?.status === 'SUCCESS');
    release();
    await are(2, 1);
    expect(feed.state.tasks.map(({ status }) => status)).toEqual(['PENDING', 'SUCCESS']);
  });
});
