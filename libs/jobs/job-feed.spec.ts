import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { describeOnEachBackend } from '../../test/support/backends.js';
import { isTerminal } from './job-status.js';
import { statusAfter } from './job-event.js';
import type { FeedEvent } from './job.reader.js';
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
  let apis: TestApi[];
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
    const [first, second] = apis as [TestApi, TestApi];
    const { id } = await submitted(first, request(kind));
    const whole: number[] = [];
    const unwatch = first.feed.watch(id, 0, (events) => whole.push(...events.map(({ seq }) => seq)));
    const moving = await collectMoving([first, second], id);
    const job = await ended(second, id);
    unwatch();
    const all = Array.from({ length: job.lastSeq }, (_, index) => index + 1);
    expect(moving).toEqual(all);
    expect(whole).toEqual(all);
  });

  it('hands the events of all jobs to those who watch everything', async () => {
    const [first, second] = apis as [TestApi, TestApi];
    const seen = new Map<string, number[]>();
    const unwatch = second.feed.watchAll((events) => {
      for (const { jobId, seq } of events) seen.set(jobId, [...(seen.get(jobId) ?? []), seq]);
    });
    const jobs = await Promise.all(Array.from({ length: 5 }, () => submitted(first, request(kind))));
    const done = await Promise.all(jobs.map(({ id }) => ended(first, id)));
    for (const { id, lastSeq } of done) {
      while ((seen.get(id)?.at(-1) ?? 0) < lastSeq) await pause(10);
      expect(seen.get(id)).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    }
    unwatch();
  });

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
