import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { Client } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Config } from '@longhaul/config';
import { HttpModule, OutboundHttp } from '@longhaul/http';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { freePort } from '../../test/support/free-port.js';
import { JobProcessor } from './job-processor.js';
import type { KindDefinition } from './kind.js';
import { sampledJobs, type KindOverview } from './overview.reader.js';
import { overviewWindows, type OverviewWindow } from './overviews.js';
import { slotOptions } from './queue.js';
import {
  ended,
  gate,
  type NoInput,
  reached,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  until,
  type TestApi,
  type TestWorker,
} from './testing.js';

const hold = gate();
const errand = testKind('errand', () => Promise.resolve({}));
const held = testKind('held', () => hold.opened.then(() => ({})));
const kinds = [errand, held];

let database: TestDatabase;
let config: Config;
let api: TestApi;
let sql: Client;

beforeEach(async () => {
  database = await testDatabase();
  config = testConfig(database, { QUEUE_BACKEND: 'postgres', RECONCILE_SECONDS: 3_600 });
  api = await startTestApi(config, kinds);
  sql = new Client({ connectionString: database.adminUrl });
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  await api.close();
  await database.drop();
});

interface Past {
  readonly status?: string;
  readonly minutesAgo: number;
  readonly waitedMs?: number;
  readonly ranMs?: number;
  readonly kind?: string;
}

/** Jobs that came and ended so long ago; one each millisecond. */
async function past(count: number, { status = 'SUCCESS', minutesAgo, waitedMs = 0, ranMs = 0, kind = 'errand' }: Past) {
  const ids = Array.from({ length: count }, (_, n) => uuidV7({ msecs: Date.now() - minutesAgo * 60_000 + n }));
  await sql.query(
    `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, created_at, run_at,
                       started_at, finished_at)
     SELECT id, $2, $3, 'ada', '{}', 60, 1, 1, at, at - make_interval(secs => ($5::float8 + $6::float8) / 1000),
            at - make_interval(secs => $6::float8 / 1000), at
     FROM unnest($1::uuid[]) WITH ORDINALITY AS new(id, n),
          LATERAL (SELECT now() - make_interval(mins => $4::integer) + n * interval '1 millisecond' AS at) time`,
    [ids, kind, status, minutesAgo, waitedMs, ranMs],
  );
}

const ofKind = async (kind: string, window: OverviewWindow = '1h') => {
  const overview = await api.overviews.read(window);
  return overview.kinds.find((one) => one.kind === kind) as (typeof overview.kinds)[number];
};
const sums = ({ buckets }: Pick<KindOverview, 'buckets'>) =>
  (['submitted', 'succeeded', 'failed', 'cancelled'] as const).map((name) =>
    buckets.reduce((sum, bucket) => sum + bucket[name], 0),
  );

describe('an overview', () => {
  it('counts what came and what ended in the window, piece by piece', async () => {
    await past(3, { minutesAgo: 5 });
    await past(2, { minutesAgo: 30, status: 'FAILED' });
    await past(1, { minutesAgo: 30, status: 'CANCELLED' });
    await past(7, { minutesAgo: 90 });
    await past(4, { minutesAgo: 5, kind: 'held' });
    const overview = await api.overviews.read('1h');
    expect(overview).toMatchObject({ windowSeconds: 3_600, bucketSeconds: 60, workers: [], breakers: [] });
    const { buckets, ...kind } = overview.kinds[0];
    expect(kind).toMatchObject({ kind: 'errand', pending: 0, running: 0, oldestPendingSeconds: null, paused: null });
    expect(sums({ buckets })).toEqual([6, 3, 2, 1]);
    expect(buckets).toHaveLength(60);
    expect(buckets.filter(({ submitted }) => submitted > 0).length).toBeLessThanOrEqual(4);
    expect(buckets.every(({ sampled }) => !sampled)).toBe(true);
    const [first, second] = buckets.map(({ at }) => at.getTime());
    expect([first % 60_000, second - first]).toEqual([0, 60_000]);
    expect(sums(await ofKind('errand', '6h'))).toEqual([13, 10, 2, 1]);
    expect(sums(await ofKind('held', '24h'))).toEqual([4, 4, 0, 0]);
  });

  it('estimates where there were more than it looks at, and never misses a failure among many', async () => {
    const many = sampledJobs * 4;
    await past(many, { minutesAgo: 30 });
    await past(5, { minutesAgo: 29, status: 'FAILED' });
    const kind = await ofKind('errand', '24h');
    const [submitted, succeeded, failed] = sums(kind);
    expect(kind.buckets.some(({ sampled }) => sampled)).toBe(true);
    expect(failed).toBe(5);
    // All came in two seconds of twenty minutes: taken for a steady stream, they are far more.
    for (const count of [submitted, succeeded]) expect(count).toBeGreaterThanOrEqual(sampledJobs);
  });

  it('estimates a steady stream well', async () => {
    const [each, pieceMinutes] = [120, overviewWindows['24h'].bucketSeconds / 60];
    // From the beginning of a piece on: one of which only the end has jobs is not steady.
    const minutes = pieceMinutes + Math.floor((Date.now() / 60_000) % pieceMinutes);
    for (let minute = 1; minute <= minutes; minute += 1) await past(each, { minutesAgo: minute });
    const [submitted, succeeded] = sums(await ofKind('errand', '24h'));
    for (const count of [submitted, succeeded]) {
      expect(count).toBeGreaterThan(each * minutes * 0.7);
      expect(count).toBeLessThan(each * minutes * 1.3);
    }
  });

  it('tells how long jobs waited and ran; a retry is no wait, and a cancelled one says nothing of its work', async () => {
    await past(90, { minutesAgo: 5, waitedMs: 100, ranMs: 1_000 });
    await past(10, { minutesAgo: 5, waitedMs: 900, ranMs: 9_000 });
    await past(50, { minutesAgo: 5, waitedMs: -5_000, ranMs: 1_000 });
    await past(50, { minutesAgo: 5, status: 'CANCELLED', waitedMs: 100, ranMs: 50_000 });
    const { waitMs, runMs } = await ofKind('errand');
    expect(waitMs).toEqual({ p50: 100, p95: 900 });
    expect(runMs).toEqual({ p50: 1_000, p95: 9_000 });
    expect(await ofKind('held')).toMatchObject({ waitMs: null, runMs: null });
  });

  it('finds the job that is due longest, at whatever priority, and not one that is planned', async () => {
    await api.store.insert([
      { ...request(errand, { priority: 9, runAt: new Date(Date.now() + 3_600_000) }), id: uuidV7() },
      ...[5, 0, -5].map((priority) => ({ ...request(errand, { priority }), id: uuidV7() })),
    ]);
    expect(await ofKind('errand')).toMatchObject({ pending: 4, running: 0, oldestPendingSeconds: expect.any(Number) });
    await sql.query(`UPDATE jobs SET run_at = now() - interval '5 minutes' WHERE priority = 0`);
    expect((await ofKind('errand', '6h')).oldestPendingSeconds).toBe(300);
  });

  it('says which kinds are paused', async () => {
    await api.paused.pause('held', 'Not now.', 'grace');
    expect((await ofKind('held')).paused).toMatchObject({ pausedBy: 'grace', reason: 'Not now.' });
  });
});

describe('workers', () => {
  let worker: TestWorker | null = null;
  afterEach(() => worker?.close());

  const rows = async () => (await sql.query('SELECT * FROM worker_heartbeats')).rows;
  const seen = async () => {
    const overview = await api.overviews.read('24h');
    return overview.workers;
  };

  it('are seen with what they run, until they stop', async () => {
    worker = await startTestWorker(config, kinds, [held]);
    await until(async () => (await rows()).length === 1);
    const job = await submitted(api, request(held));
    await reached(api, job.id, 'RUNNING');
    const { workerId } = worker.runner;
    expect(await seen()).toEqual([
      {
        workerId,
        host: workerId.split(':')[0],
        kinds: ['held'],
        startedAt: expect.any(Date),
        seenAt: expect.any(Date),
        running: [{ id: job.id, kind: 'held', attempt: 1, startedAt: expect.any(Date) }],
      },
    ]);
    hold.open();
    await ended(api, job.id);
    await worker.close();
    worker = null;
    expect(await rows()).toEqual([]);
  });

  it('that were not seen for a minute are gone, with what they said', async () => {
    const beat = (id: string, seconds: number) =>
      sql.query(
        `INSERT INTO worker_heartbeats (worker_id, host, kinds, breakers, seen_at)
         VALUES ($1, 'h', '{errand}', $2, now() - make_interval(secs => $3))`,
        [id, JSON.stringify([{ host: `${id}.example`, state: 'open', since: '2026-01-31T12:00:00.000Z' }]), seconds],
      );
    await beat('old', 61);
    await beat('new', 50);
    const { workers, breakers } = await api.overviews.read('1h');
    expect(workers.map(({ workerId }) => workerId)).toEqual(['new']);
    expect(breakers).toEqual([
      { host: 'new.example', state: 'open', since: new Date('2026-01-31T12:00:00Z'), seenBy: 'new' },
    ]);
  });

  it('tell which hosts they leave alone', async () => {
    const port = await freePort();
    @Processor('errand', slotOptions)
    class Fetching extends JobProcessor<NoInput> {
      override readonly kind = errand.definition as KindDefinition<NoInput>;
      @Inject(OutboundHttp) private readonly http: OutboundHttp;
      override async handle(): Promise<object> {
        const fetch = () => this.http.get(`http://127.0.0.1:${port}/`, { robots: false }).catch(() => undefined);
        for (let time = 0; time < 5; time += 1) await fetch();
        return {};
      }
    }
    const fetching = { definition: errand.definition, processor: Fetching };
    const allowed = { ...config, SCRAPE_ALLOW_HOSTS: [`127.0.0.1:${port}`] };
    worker = await startTestWorker(allowed, [fetching, held], [fetching], { imports: [HttpModule], entities: [] });
    await ended(api, (await submitted(api, request(errand))).id);
    await worker.heartbeat.beat();
    const { breakers } = await api.overviews.read('6h');
    const { workerId: seenBy } = worker.runner;
    expect(breakers).toEqual([{ host: `127.0.0.1:${port}`, state: 'open', since: expect.any(Date), seenBy }]);
  });
});
