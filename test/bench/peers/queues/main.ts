// One process of a queue library: it adds jobs, or runs them.
import { obey, tell } from '../../stage/told.js';
import { BullmqPeer } from './bullmq.js';
import { GraphileWorkerPeer } from './graphile-worker.js';
import { PgBossPeer } from './pg-boss.js';
import type { Places, QueuePeer } from './queue-peer.js';

const peers: Readonly<Record<string, (places: Places) => QueuePeer>> = {
  'bullmq-redis': (places) => new BullmqPeer('redis', places),
  'bullmq-postgres': (places) => new BullmqPeer('postgres', places),
  'graphile-worker': (places) => new GraphileWorkerPeer(places, false),
  'graphile-worker-batched': (places) => new GraphileWorkerPeer(places, true),
  'pg-boss': (places) => new PgBossPeer(places),
};
const { DATABASE_URL: databaseUrl = '', REDIS_URL: redisUrl = '' } = process.env;
const peer = peers[process.argv[2] ?? '']({ databaseUrl, redisUrl });

/** Wall clock in milliseconds, more exact than Date.now(). */
const now = (): number => performance.timeOrigin + performance.now();
let number = 0;
/** Ends of jobs since this process runs them. */
const ends = { count: 0, firstAt: 0, lastAt: 0 };
/** How many ends the harness waits for. */
let awaited = Infinity;
const tellWhenReached = (): void => {
  if (ends.count < awaited) return;
  awaited = Infinity;
  tell({ event: 'ended', ...ends });
};

obey({
  prepare: async () => {
    await peer.prepare();
    tell({ event: 'prepared' });
  },
  /** So many callers, each of which adds its next job when the last one was added. */
  add: async ({ callers, ms }: { callers: number; ms: number }) => {
    const startedAt = now();
    const from = number;
    const call = async () => {
      while (now() - startedAt < ms) await peer.add((number += 1));
    };
    await Promise.all(Array.from({ length: callers }, call));
    tell({ event: 'added', count: number - from, startedAt, endedAt: now() });
  },
  /** Adds many at once, again and again. */
  fill: async ({ count, size }: { count: number; size: number }) => {
    const startedAt = now();
    for (let filled = 0; filled < count; filled += size) {
      await peer.addMany(Array.from({ length: Math.min(size, count - filled) }, () => (number += 1)));
    }
    tell({ event: 'added', count, startedAt, endedAt: now() });
  },
  work: async ({ concurrency }: { concurrency: number }) => {
    await peer.work(concurrency, () => {
      ends.lastAt = now();
      if (ends.count === 0) ends.firstAt = ends.lastAt;
      ends.count += 1;
      tellWhenReached();
    });
    tell({ event: 'working' });
  },
  /** Answers when so many have ended since this process began. */
  until: ({ count }: { count: number }) => {
    awaited = count;
    tellWhenReached();
  },
  /** One job after the other, each seen to have ended. */
  waitFor: async ({ count }: { count: number }) => {
    const times: number[] = [];
    for (let done = 0; done < count; done += 1) {
      const from = now();
      await peer.addAndWait?.((number += 1));
      times.push(now() - from);
    }
    tell({ event: 'waited', times });
  },
});
