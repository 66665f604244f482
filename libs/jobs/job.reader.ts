import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import type { JobEvent } from './job-event.js';
import { countJobs, countsOf, type CountFilter, type CountRow, type JobCounts } from './job-counts.js';
import { holds, pageIds, type JobFilter, type JobPage, type PageRow } from './job-page.js';
import { eventColumns, jobColumns } from './job-rows.js';
import type { ClaimRequest } from './claim.store.js';
import { ofLane } from './lane.js';
import { notPaused } from './not-paused.js';
import { JobEntity } from './job.entity.js';

/** Larger results are not part of a list, or a page of it could take a hundred megabytes. */
const listedResultBytes = 65_536;

/** An event on its way to the watchers of its job. */
export interface FeedEvent extends JobEvent {
  /** The job's result, on `succeeded`. */
  readonly result: Record<string, unknown> | null;
  /** Whether the job had no later event when this one was read. */
  readonly newest: boolean;
}

/** What of a log line is shown. */
export type LogLine = Pick<JobEvent, 'seq' | 'at' | 'level' | 'message'>;

/** A job as one is shown: without input and checkpoint, and with its last log lines. */
export interface ShownJob {
  readonly job: JobEntity;
  readonly logs: readonly LogLine[];
}

type ShownRow = JobEntity & { readonly logs: readonly (Omit<LogLine, 'at'> & { readonly at: string })[] };

const notShown = new Set(['input', 'checkpoint']);
const notListed = new Set([...notShown, 'result']);

/** All reads of jobs and their events. */
@Injectable()
export class JobReader {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  find(id: string): Promise<JobEntity | null> {
    return this.jobs.findOneBy({ id });
  }

  async inputOf(id: string): Promise<JobEntity['input'] | null> {
    return (await this.jobs.findOne({ where: { id }, select: { id: true, input: true } }))?.input ?? null;
  }

  /** These jobs, without input and checkpoint; null for one that is not there. In the order of the ids. */
  async found(ids: readonly string[]): Promise<(JobEntity | null)[]> {
    const rows = await preparedQuery<JobEntity>(
      this.jobs.manager,
      `SELECT ${this.shownColumns}
       FROM jobs WHERE id = ANY($1)`,
      [ids],
    );
    return inOrder(ids, new Map(rows.map((job) => [job.id, job])));
  }

  /**
   * These jobs as one is shown, each with its newest `lines` log lines as they were when the row was read; null for one
   * that is not there. In the order of the ids.
   */
  async shown(ids: readonly string[], lines: number): Promise<(ShownJob | null)[]> {
    const rows = await preparedQuery<ShownRow>(
      this.jobs.manager,
      `SELECT ${this.shownColumns},
              (SELECT coalesce(jsonb_agg(line ORDER BY line.seq), '[]') FROM (
                 SELECT seq, at, level, message FROM job_events
                 WHERE job_id = jobs.id AND message IS NOT NULL AND type <> 'progress'
                 ORDER BY seq DESC LIMIT $2) line) AS logs
       FROM jobs WHERE id = ANY($1)`,
      [ids, lines],
    );
    return inOrder(ids, new Map(rows.map(({ logs, ...job }) => [job.id, { job, logs: logs.map(withTime) }])));
  }

  /** Whether a list with this `q` would show the job. */
  async holdsText(id: string, q: string): Promise<boolean> {
    const params: unknown[] = [id];
    const rows = await this.jobs.query<unknown[]>(`SELECT FROM jobs WHERE id = $1 AND ${holds(q, params)}`, params);
    return rows.length > 0;
  }

  /** Which of these jobs there are. */
  async existing(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.jobs.query<{ id: string }[]>('SELECT id FROM jobs WHERE id = ANY($1)', [ids]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Whose job it was that retention removed, if that was in the last `days`. */
  async findRemoved(id: string, days: number): Promise<{ readonly ownerId: string } | null> {
    const [row] = await this.jobs.query<{ ownerId: string }[]>(
      `SELECT owner_id AS "ownerId" FROM removed_jobs
       WHERE id = $1 AND removed_at >= now() - make_interval(days => $2)`,
      [id, days],
    );
    return row ?? null;
  }

  findMany(ids: readonly string[]): Promise<JobEntity[]> {
    return this.jobs.findBy({ id: In([...ids]) });
  }

  findByKeys(ownerId: string, keys: readonly string[]): Promise<JobEntity[]> {
    return this.jobs
      .createQueryBuilder('job')
      .where('job.ownerId = :ownerId AND job.idempotencyKey IN (:...keys)', { ownerId, keys })
      .getMany();
  }

  /**
   * Newest first: ids are UUIDs v7, so their order is that of creation. Of each job only what a list shows is read:
   * no input, no checkpoint, and no result of more than {@link listedResultBytes}.
   */
  async page(filter: JobFilter): Promise<JobPage> {
    // One more than asked for tells whether there is a next page.
    const { sql, params } = pageIds({ ...filter, limit: filter.limit + 1 });
    const rows = await this.jobs.query<PageRow[]>(sql, [...params]);
    const found = rows.filter(({ listed }) => listed).map(({ id }) => id);
    const ids = found.slice(0, filter.limit);
    const below = (found.length > ids.length ? ids.at(-1) : rows.find(({ listed }) => !listed)?.id) ?? null;
    return { jobs: ids.length === 0 ? [] : await this.listed(ids), below };
  }

  /** How many jobs a filter lets through, by status, in bounded work. */
  async counts(filter: CountFilter): Promise<JobCounts> {
    const { sql, params } = countJobs(filter);
    return countsOf(await this.jobs.query<CountRow[]>(sql, [...params]));
  }

  private listed(ids: readonly string[]): Promise<JobEntity[]> {
    return this.jobs.query(
      `SELECT ${jobColumns(this.jobs, 'jobs', notListed)}, '{}'::jsonb AS input, NULL AS checkpoint,
              CASE WHEN octet_length(result::text) <= $2 THEN result END AS result
       FROM jobs WHERE id = ANY($1) ORDER BY id DESC`,
      [ids, listedResultBytes],
    );
  }

  events(id: string, page: { readonly after?: number; readonly limit: number }): Promise<JobEvent[]> {
    return this.jobs.query(
      `SELECT ${eventColumns('event')} FROM job_events event WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [id, page.after ?? 0, page.limit],
    );
  }

  /** Log lines and every other event that carries a message, but for progress; ascending. */
  async logs(
    id: string,
    page: { readonly after?: number; readonly upTo?: number; readonly limit: number; readonly newest?: boolean },
  ): Promise<JobEvent[]> {
    const rows = await this.jobs.query<JobEvent[]>(
      `SELECT ${eventColumns('event')} FROM job_events event
       WHERE job_id = $1 AND seq > $2 AND ($4::integer IS NULL OR seq <= $4)
         AND message IS NOT NULL AND type <> 'progress'
       ORDER BY seq ${page.newest ? 'DESC' : 'ASC'} LIMIT $3`,
      [id, page.after ?? 0, page.limit, page.upTo ?? null],
    );
    return page.newest ? rows.reverse() : rows;
  }

  /** Events of many jobs after each one's own position, in one query; in order of job and number. */
  eventsAfter(positions: ReadonlyMap<string, number>, limit: number): Promise<FeedEvent[]> {
    return preparedQuery(
      this.jobs.manager,
      `SELECT ${eventColumns('event')}, CASE WHEN event.type = 'succeeded' THEN jobs.result END AS result,
              event.seq = jobs.last_seq AS newest
       FROM unnest($1::uuid[], $2::integer[]) AS watched(id, after)
       JOIN job_events event ON event.job_id = watched.id AND event.seq > watched.after
       JOIN jobs ON jobs.id = event.job_id
       ORDER BY event.job_id, event.seq LIMIT $3`,
      [[...positions.keys()], [...positions.values()], limit],
    );
  }

  /** Unfinished jobs, of one owner or of everybody, counted no further than `limit`. */
  async countUnfinished(limit: number, ownerId?: string): Promise<number> {
    const owner = ownerId === undefined ? '' : 'AND owner_id = $2';
    const [row] = await preparedQuery<{ count: number }>(
      this.jobs.manager,
      `SELECT count(*)::integer AS count
       FROM (SELECT FROM jobs WHERE status IN ('PENDING', 'RUNNING') ${owner} LIMIT $1) counted`,
      ownerId === undefined ? [limit] : [limit, ownerId],
    );
    return row?.count ?? 0;
  }

  /**
   * Running jobs whose lease has run out. For one lease after a start of the server nobody is taken to have vanished:
   * no worker could extend its lease while the server was down.
   */
  lapsed(leaseSeconds: number): Promise<Pick<JobEntity, 'id' | 'fence' | 'recoveries'>[]> {
    return this.jobs.query(
      `SELECT id, fence, recoveries FROM jobs
       WHERE status = 'RUNNING' AND lease_expires_at < now()
         AND now() > pg_postmaster_start_time() + make_interval(secs => $1)
       ORDER BY id LIMIT 500`,
      [leaseSeconds],
    );
  }

  /**
   * Running jobs whose worker should have ended them: it has extended their leases since the deadline and the grace were
   * over. The job of one that has vanished is recovered instead, and gets a new deadline with its next claim.
   */
  overdue(graceSeconds: number, leaseSeconds: number): Promise<Pick<JobEntity, 'id' | 'fence' | 'timeoutSeconds'>[]> {
    return this.jobs.query(
      `SELECT id, fence, timeout_seconds AS "timeoutSeconds" FROM jobs
       WHERE status = 'RUNNING' AND lease_expires_at >= now()
         -- now(), too: a worker with a longer lease than ours has not extended it in the future.
         AND least(lease_expires_at - make_interval(secs => $2), now()) > deadline_at + make_interval(secs => $1)
       ORDER BY id LIMIT 500`,
      [graceSeconds, leaseSeconds],
    );
  }

  /**
   * Due jobs of a kind and lane that have been waiting for a while since their doorbell was rung, the most urgent first;
   * none of a paused kind.
   * Where a limit of running jobs holds, only those of owners who have room, and no more than the kind has room for.
   */
  due(
    { kind, lane, perOwner, perKind }: Required<Pick<ClaimRequest, 'kind' | 'lane' | 'perOwner' | 'perKind'>>,
    graceSeconds: number,
    limit: number,
  ): Promise<Pick<JobEntity, 'id' | 'dispatch'>[]> {
    return this.jobs.query(
      `SELECT id, dispatch FROM jobs
       WHERE status = 'PENDING' AND kind = $1 AND run_at < now() - make_interval(secs => $2)
         AND enqueued_at < now() - make_interval(secs => $2) ${ofLane[lane]} AND ${notPaused('$1')}
         AND ($4 = 0 OR owner_id NOT IN (SELECT owner_id FROM jobs WHERE status = 'RUNNING'
                                         GROUP BY owner_id HAVING count(*) >= $4))
       ORDER BY priority DESC, run_at, id
       LIMIT CASE WHEN $5 = 0 THEN $3
                  ELSE least($3, greatest(0, $5 - (SELECT count(*) FROM jobs WHERE status = 'RUNNING' AND kind = $1))) END`,
      [kind, graceSeconds, limit, perOwner, perKind],
    );
  }

  /** Jobs of these kinds whose worker has vanished: how many wait for their lane now, and how many run in one. */
  async isolated(kinds: readonly string[]): Promise<{ readonly due: number; readonly running: number }> {
    const [row] = await this.jobs.query<{ due: number; running: number }[]>(
      `SELECT count(*) FILTER (WHERE status = 'PENDING')::integer AS due,
              count(*) FILTER (WHERE status = 'RUNNING')::integer AS running
       FROM jobs WHERE recoveries > 0 AND status IN ('PENDING', 'RUNNING') AND kind = ANY($1)
         AND (status = 'RUNNING' OR (run_at <= now() AND kind NOT IN (SELECT kind FROM paused_kinds)))`,
      [kinds],
    );
    return row ?? { due: 0, running: 0 };
  }

  /**
   * How many due jobs of its kind come before each of these jobs by priority and age, counted no further than `limit`;
   * null for one that is not pending or not due. Goes from priority to priority, so as not to walk over jobs that are
   * not due. In the order of the ids.
   */
  async countAhead(ids: readonly string[], limit: number): Promise<(number | null)[]> {
    const rows = await preparedQuery<{ id: string; ahead: number }>(
      this.jobs.manager,
      `SELECT mine.id, counted.ahead
       FROM unnest($1::uuid[]) AS asked(id)
       JOIN jobs mine ON mine.id = asked.id AND mine.status = 'PENDING' AND mine.run_at <= now()
       CROSS JOIN LATERAL (
         WITH RECURSIVE higher AS (
           SELECT (SELECT max(priority) FROM jobs WHERE status = 'PENDING' AND kind = mine.kind AND priority > mine.priority)
                  AS priority
           UNION ALL
           SELECT (SELECT max(next.priority) FROM jobs next
                   WHERE next.status = 'PENDING' AND next.kind = mine.kind AND next.priority > mine.priority
                     AND next.priority < higher.priority)
           FROM higher WHERE higher.priority IS NOT NULL
         )
         SELECT count(*)::integer AS ahead FROM (
           (SELECT FROM higher CROSS JOIN LATERAL (
              SELECT FROM jobs WHERE status = 'PENDING' AND kind = mine.kind AND priority = higher.priority
                AND run_at <= now() LIMIT $2) due LIMIT $2)
           UNION ALL
           (SELECT FROM jobs WHERE status = 'PENDING' AND kind = mine.kind AND priority = mine.priority
              AND (run_at, id) < (mine.run_at, mine.id) LIMIT $2)
           LIMIT $2) ahead) counted`,
      [ids, limit],
    );
    const byId = new Map(rows.map(({ id, ahead }) => [id, ahead]));
    return inOrder(ids, byId);
  }

  /**
   * How fast each kind goes: mean seconds from start to end of the jobs that ended in the last hour, of the newest 5,000
   * of all kinds, and how many run now. Kinds of which neither is known are left out.
   */
  pace(): Promise<{ kind: string; meanSeconds: number | null; running: number }[]> {
    return this.jobs.query(
      `WITH ended AS (
         SELECT kind, avg(extract(epoch FROM finished_at - started_at))::float8 AS mean
         FROM (SELECT kind, started_at, finished_at FROM jobs
               WHERE finished_at > now() - interval '1 hour' AND finished_at IS NOT NULL
               ORDER BY finished_at DESC LIMIT 5000) newest
         WHERE started_at IS NOT NULL GROUP BY kind
       ), busy AS (
         SELECT kind, count(*)::integer AS running FROM jobs WHERE status = 'RUNNING' GROUP BY kind
       )
       SELECT kind, ended.mean AS "meanSeconds", coalesce(busy.running, 0) AS running
       FROM ended FULL JOIN busy USING (kind)`,
    );
  }

  /** All of a job but its input and checkpoint, which can be large and are shown to nobody. */
  private get shownColumns(): string {
    return `${jobColumns(this.jobs, 'jobs', notShown)}, '{}'::jsonb AS input, NULL AS checkpoint`;
  }
}

/** One answer for each id, null where there is none: as a collector needs them. */
function inOrder<T>(ids: readonly string[], byId: ReadonlyMap<string, T>): (T | null)[] {
  return ids.map((id) => byId.get(id) ?? null);
}

/** JSON has no times. */
function withTime(line: ShownRow['logs'][number]): LogLine {
  return { ...line, at: new Date(line.at) };
}
