import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOnEachBackend } from '../../test/support/backends.js';
import { isTerminal } from './job-status.js';
import { statusAfter } from './job-event.js';
import type { LogEntry } from './job-log.js';
import type { FeedEvent } from './job.reader.js';
import { endOf, type LogPosition } from './log-position.js';
import {
  ended,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  type TestApi,
  type TestWorker,
} from './testing.js';

describeOnEachBackend('the feed of events', (backend) => {
  let database: TestDatabase;
  let config: Config;
  let apis: [TestApi, TestApi];
  let worker: TestWorker;
  const kind = testKind('chatter', async (context) => {
    for (let line = 1; line <= 200; line += 1) {
      context.log('info', `line ${line}`);
      if (line % 10 === 0) await pause(20, undefined, { signal: context.signal });
    }
    return { said: 200 };
  });

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
    });
    apis = [await startTestApi(config, [kind]), await startTestApi(config, [kind])];
    worker = await startTestWorker(config, [kind]);
  });
  afterAll(async () => {
    await worker.close();
    await Promise.all(apis.map((api) => api.close()));
    await database.drop();
  });

  it('hands every event to every watcher once and in order, also to one that moves between processes', async () => {
    const [first, second] = apis;
    const { id } = await submitted(first, request(kind));
    const whole = allOf(first, id);
    const moving = await collectMoving([first, second], id);
    const job = await ended(second, id);
    const all = Array.from({ length: job.lastSeq }, (_, index) => index + 1);
    expect(moving).toEqual(all);
    expect(await whole).toEqual(all);
  });

  it('hands everything to a watcher that joins further back while another one is being served', async () => {
    const [first] = apis;
    const { id } = await submitted(first, request(kind));
    const joined: Promise<number[]>[] = [];
    const unwatch = first.feed.watch(id, 0, ({ length }) => {
      // Joins in the middle of the hand-out, when the next read is already on its way.
      if (length > 0 && joined.length < 20) joined.push(allOf(first, id));
    });
    const { lastSeq } = await ended(first, id);
    const all = Array.from({ length: lastSeq }, (_, index) => index + 1);
    expect(joined.length).toBeGreaterThan(1);
    for (const seqs of await Promise.all(joined)) expect(seqs).toEqual(all);
    unwatch();
  });

  it('lets a watcher that fails end alone, and tells the others when it is over', async () => {
    const [first] = apis;
    const { id } = await submitted(first, request(kind));
    const over: string[] = [];
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const fail = () => {
      throw new Error('cannot be served');
    };
    const unwatchFailing = first.feed.watch(id, 0, fail, () => {
      over.push('failing');
      unwatchFailing();
    });
    const seqs: number[] = [];
    const unwatch = first.feed.watch(
      id,
      0,
      (events) => seqs.push(...events.map(({ seq }) => seq)),
      () => {
        over.push('other');
        resolve();
      },
    );
    await ended;
    unwatch();
    expect(over).toEqual(['failing', 'other']);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    const job = await first.jobs.find(id);
    expect([job?.status, job?.lastSeq]).toEqual(['SUCCESS', seqs.length]);
  });

  it('serves the others although watchers fail when they are told that it is over', async () => {
    const [first] = apis;
    const { id } = await submitted(first, request(kind));
    const calls = { served: 0, over: 0 };
    const fail = () => {
      throw new Error('cannot be served');
    };
    const serve = () => {
      calls.served += 1;
      fail();
    };
    const failAtTheEnd = () => {
      calls.over += 1;
      fail();
    };
    const unwatch = [first.feed.watch(id, 0, serve, fail), first.feed.watch(id, 0, () => undefined, failAtTheEnd)];
    const seqs: number[] = [];
    await new Promise<void>((over) => {
      unwatch.push(first.feed.watch(id, 0, (events) => seqs.push(...events.map(({ seq }) => seq)), over));
    });
    // Who fails gets nothing more: it would go on behind a gap.
    expect(calls).toEqual({ served: 1, over: 1 });
    const { lastSeq } = await ended(first, id);
    expect(seqs).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    for (const leave of unwatch) leave();
  });

  it('hands the log of all jobs on once and in order, wherever and however often it is resumed', async () => {
    const [first, second] = apis;
    const jobs = await Promise.all(Array.from({ length: 5 }, () => submitted(first, request(kind))));
    const seen = new Map<string, number[]>(jobs.map(({ id }) => [id, []]));
    const begin = await first.log.watch(() => undefined);
    begin.stop();
    let position = endOf(begin.from);
    for (let turn = 0; [...seen.values()].some((seqs) => seqs.length === 0 || !done.has(seqs)); turn += 1) {
      position = await resume(turn % 2 ? second : first, position, seen, 1 + (turn % 7));
    }
    for (const { id } of jobs) {
      const { lastSeq } = await ended(first, id);
      const seqs = seen.get(id) ?? [];
      // The first ones may have been committed before the log was watched.
      const from = seqs[0] ?? 0;
      expect(seqs).toEqual(Array.from({ length: lastSeq - from + 1 }, (_, index) => from + index));
    }
  });

  /** Jobs whose end has been seen. */
  const done = new Set<number[]>();

  /** Takes a few entries behind a position, from the log or live, and breaks off. */
  async function resume(api: TestApi, since: LogPosition, seen: Map<string, number[]>, count: number) {
    let position = since;
    let taken = 0;
    const take = (entries: readonly LogEntry[]) => {
      for (const entry of entries) {
        if (taken === count) return;
        taken += 1;
        position = entry.position;
        const seqs = seen.get(entry.event.jobId);
        seqs?.push(entry.event.seq);
        if (seqs !== undefined && isTerminal(statusAfter(entry.event.type))) done.add(seqs);
      }
    };
    const early: LogEntry[] = [];
    let live = (entries: readonly LogEntry[]): void => void early.push(...entries);
    const watched = await api.log.watch((entries) => live(entries.filter(({ event }) => event.xid >= since.to)));
    for await (const entries of api.log.replay(since, watched.from)) take(entries);
    take(early);
    live = take;
    for (const until = Date.now() + 300; taken < count && Date.now() < until;) await pause(5);
    watched.stop();
    return position;
  }

  function allOf(api: TestApi, id: string): Promise<number[]> {
    return new Promise((resolve) => {
      const seqs: number[] = [];
      const unwatch = api.feed.watch(id, 0, (events) => {
        seqs.push(...events.map(({ seq }) => seq));
        if (!events.some(({ type }) => isTerminal(statusAfter(type)))) return;
        unwatch();
        resolve(seqs);
      });
    });
  }

  /** Takes a few events from one process, then goes on behind them at the other one. */
  async function collectMoving(between: readonly TestApi[], id: string): Promise<number[]> {
    const seqs: number[] = [];
    for (let turn = 0; ; turn += 1) {
      const events = await next(between[turn % between.length], id, seqs.at(-1) ?? 0);
      seqs.push(...events.map(({ seq }) => seq));
      if (events.some(({ type }) => isTerminal(statusAfter(type)))) return seqs;
    }
  }

  function next(api: TestApi, id: string, after: number): Promise<readonly FeedEvent[]> {
    return new Promise((resolve) => {
      const unwatch = api.feed.watch(id, after, (events) => {
        unwatch();
        resolve(events);
      });
    });
  }
});
