import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { JobContext } from '@longhaul/jobs/worker';
import { request, submitted, type TestApi, type TestKind, type TestWorker } from '@longhaul/jobs/testing';

/** A table with many jobs, and what works on it. */
export interface Grown {
  readonly sql: Client;
  readonly api: TestApi;
  readonly worker: TestWorker;
  /** Of which most jobs are. */
  readonly kind: TestKind;
  /** Who has his share of all jobs, but none that failed. */
  readonly owner: string;
  readonly input: Record<string, unknown>;
  /** A job that has ended, and one that is older than most. */
  readonly ended: string;
  readonly old: string;
  /** Before which some jobs came, but few. */
  readonly early: Date;
}

export type Operation = (grown: Grown) => Promise<unknown>;

const page = 50;
export const agedTogether = 10;

const owned = ({ kind, owner: ownerId, input }: Grown, overrides: Parameters<typeof request>[1] = {}) =>
  request(kind, { ownerId, input, ...overrides });
const list =
  (filter: object): Operation =>
  ({ api }) =>
    api.jobs.page({ limit: page, ...filter });
const listOwn =
  (filter: object): Operation =>
  (grown) =>
    list({ ownerId: grown.owner, ...filter })(grown);
const listCounts =
  (filter: object): Operation =>
  ({ api, owner: ownerId }) =>
    api.jobs.counts({ ownerId, ...filter });

/** Whatever runs for each request, for each job, or in each round of what runs by itself. */
export const operations: Readonly<Record<string, Operation>> = {
  'a submit': (grown) => grown.api.jobs.submit(owned(grown)),
  'a submit with a key': ({ api, ...grown }) =>
    api.jobs.submit(owned({ api, ...grown }, { idempotencyKey: randomUUID(), requestHash: 'h' })),
  'a claim and its end': ({ worker, kind }) =>
    worker.runner.serveNext({
      kind: kind.definition,
      handle: (context: JobContext<object>) => {
        context.log('info', 'done');
        return Promise.resolve({});
      },
    }),
  'a heartbeat': async (grown) => {
    const attempt = await claimed(grown);
    await grown.api.attempts.extendLeases([attempt], 30);
    await grown.api.attempts.succeed(attempt, {}, { progress: null, events: [] }, 'worker:growth');
  },
  'a read': ({ api, ended }) => api.jobs.show(ended),
  'its events': ({ api, ended }) => api.jobs.events(ended, { limit: page }),
  'its log': ({ api, ended }) => api.jobs.logs(ended, { limit: page, newest: true }),
  'a look of its watchers': ({ api, ended }) => api.reader.eventsAfter(new Map([[ended, 1]]), page),
  'a page of a list': listOwn({}),
  'a page far down': (grown) => listOwn({ beforeId: grown.old })(grown),
  'a page of ended tasks': listOwn({ status: ['SUCCESS'] }),
  'a page of failed tasks where there are none': listOwn({ status: ['FAILED'] }),
  'a page of running tasks': listOwn({ status: ['RUNNING'] }),
  'a page of waiting tasks': listOwn({ status: ['PENDING'] }),
  'a page of a kind': (grown) => listOwn({ kind: [grown.kind.definition.name] })(grown),
  'a page by time': (grown) => listOwn({ createdBefore: grown.early, createdAfter: new Date(0) })(grown),
  'a page by text': (grown) => listOwn({ q: grown.kind.definition.name })(grown),
  'a page of everybody’s tasks': list({}),
  'a page of everybody’s tasks far down': (grown) => list({ beforeId: grown.old })(grown),
  'a page of everybody’s tasks by time': (grown) => list({ createdBefore: grown.early })(grown),
  'a page of everybody’s failed tasks': list({ status: ['FAILED'] }),
  'a page of everybody’s running tasks': list({ status: ['RUNNING'] }),
  'counts of tasks': listCounts({}),
  'counts of everybody’s tasks': ({ api }) => api.jobs.counts({}),
  'counts of a kind': (grown) => listCounts({ kind: [grown.kind.definition.name] })(grown),
  'counts by text and time': (grown) => listCounts({ q: 'rare', createdBefore: grown.early })(grown),
  'an overview of an hour': ({ api }) => api.overviews.read('1h'),
  'an overview of a day': ({ api }) => api.overviews.read('24h'),
  'groups of failed tasks': ({ api }) => api.failed.groups({ limit: page }),
  'a group of failed tasks': async ({ api }) => {
    const [group] = await api.failed.groups({ limit: 1 });
    await api.failed.inGroup(group.fingerprint, { limit: page });
  },
  'a place in line': async ({ api, ...grown }) =>
    api.jobs.placeInLine(await submitted(api, owned({ api, ...grown }, { priority: 9 }))),
  'a cancel': async (grown) => grown.api.jobs.cancel((await submitted(grown.api, owned(grown))).id, 'admin'),
  'a look at the log of all': async (grown) => {
    await submitted(grown.api, owned(grown));
    const watching = await grown.api.log.watch(() => undefined);
    watching.stop();
    const end = watching.from;
    const before = { origin: end.origin, from: end.at - 1n, to: end.at, event: null };
    for await (const _ of grown.api.log.replay(before, end));
  },
  'a look for isolated jobs': ({ api, kind }) => api.reader.isolated([kind.definition.name]),
  'a round of the reconciler': async (grown) => {
    await loseSome(grown);
    await grown.worker.reconciler.reconcile();
  },
  'a lost doorbell': async (grown) => {
    const { id: jobId, dispatch } = await submitted(grown.api, owned(grown));
    await grown.api.store.nextDispatch([{ jobId, dispatch }], 'pending');
  },
  'a sweep of retention': async (grown) => {
    await ageSome(grown);
    await grown.worker.retention.sweep();
  },
};

async function claimed({ api, kind }: Grown) {
  const job = await api.claim({
    kind: kind.definition.name,
    lane: 'any',
    workerId: 'growth',
    leaseSeconds: 30,
    perOwner: 0,
    nonce: randomUUID(),
  });
  if (job === null) throw new Error('nothing was claimed');
  return job;
}

/** Jobs whose worker has vanished, once and too often, and one whose deadline is over. */
async function loseSome(grown: Grown): Promise<void> {
  const [once, often, overdue] = [await claimed(grown), await claimed(grown), await claimed(grown)];
  await grown.sql.query(
    `UPDATE jobs SET lease_expires_at = now() - interval '1 minute', recoveries = CASE WHEN id = $2 THEN 99 ELSE 0 END
     WHERE id IN ($1, $2)`,
    [once.id, often.id],
  );
  await grown.sql.query(`UPDATE jobs SET deadline_at = now() - interval '1 hour' WHERE id = $1`, [overdue.id]);
}

/** Makes some jobs old enough to be removed, and others old enough to lose their keys. */
async function ageSome({ sql }: Grown): Promise<void> {
  const { rows } = await sql.query<{ ids: string[] }>(
    `WITH aged AS (
       UPDATE jobs SET finished_at = now() - interval '40 days'
       WHERE id IN (SELECT id FROM jobs WHERE status = 'SUCCESS' ORDER BY id LIMIT $1) RETURNING id)
     SELECT array_agg(id) AS ids FROM aged`,
    [agedTogether],
  );
  const [{ ids }] = rows;
  await sql.query(`UPDATE job_events SET at = now() - interval '40 days' WHERE job_id = ANY ($1)`, [ids]);
  await sql.query(
    `UPDATE jobs SET finished_at = now() - interval '2 days', idempotency_key = id::text
     WHERE id IN (SELECT id FROM jobs WHERE status = 'SUCCESS' AND NOT id = ANY ($1) ORDER BY id LIMIT $2)`,
    [ids, agedTogether],
  );
  await sql.query(
    `UPDATE removed_jobs SET removed_at = now() - interval '40 days'
     WHERE id IN (SELECT id FROM removed_jobs WHERE removed_at > now() - interval '30 days' LIMIT $1)`,
    [agedTogether / 2],
  );
}
