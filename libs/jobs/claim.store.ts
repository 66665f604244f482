import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import { JobEntity } from './job.entity.js';
import { ofLane, type Lane } from './lane.js';
import { notPaused } from './not-paused.js';

export interface ClaimRequest {
  readonly kind: string;
  readonly lane: Lane;
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** Running jobs that one owner may have; 0: no limit. */
  readonly perOwner: number;
  /** Running jobs that the kind may have; none or 0: no limit. */
  readonly perKind?: number;
  /** The owner that was served last: the next turn is that of the one after it. None: the first one's. */
  readonly after?: string;
}

/** What an attempt needs to know of its job. */
export type ClaimedJob = ClaimTimes & JobOfAttempt;

/** By the clock of the database. */
export interface ClaimTimes {
  /** How long the job had been due when it was claimed. */
  readonly dueSeconds: number;
  /** How old it was then. */
  readonly ageSeconds: number;
}

type JobOfAttempt = Pick<
  JobEntity,
  | 'id'
  | 'kind'
  | 'ownerId'
  | 'input'
  | 'checkpoint'
  | 'attempts'
  | 'maxAttempts'
  | 'timeoutSeconds'
  | 'fence'
  | 'lastSeq'
  | 'claimNonce'
  | 'traceparent'
>;

/** One look at what is due. */
interface Look {
  readonly claimed: readonly ClaimedJob[];
  /** Whether anything was due at all, and not too much for the limits, whoever got it. */
  readonly due: boolean;
}

/** Owners that one claim chooses from: a bound on its cost when thousands wait. */
const ownersInView = 100;
/** Jobs that a claim looks at beyond those it wants: others may be taking the first ones at the same moment. */
const fewestSpare = 8;
/** First key of the advisory locks of claims within a limit; arbitrary, and the same in every process. */
const claimLock = 731_104;
/** A process that freezes between the statements of a claim holds up the others no longer than this. */
const frozenMs = 2_000;
/** How often a claim that saw due jobs and got none looks again, and when: until then whoever held them has them. */
const looks = { most: 20, pauseMs: 10 };

/** Takes due jobs for attempts, many in one statement. */
@Injectable()
export class ClaimStore {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /**
   * Takes the next due jobs of a kind, one for each nonce: of the owner with the fewest running jobs, then by priority,
   * then of the owner whose turn it is; and of one owner's jobs by priority and age. A job that is taken counts as
   * running for the next one of the same batch. Each job keeps its nonce, by which it is found again when the answer
   * was lost. In the order in which they were chosen; fewer than asked for only when no more was due, or had room.
   */
  async claimMany(request: ClaimRequest, nonces: readonly string[]): Promise<ClaimedJob[]> {
    const claimed: ClaimedJob[] = [];
    for (let inVain = 0; claimed.length < nonces.length && inVain < looks.most;) {
      const after = claimed.at(-1)?.ownerId ?? request.after;
      const look = await this.look({ ...request, after }, nonces.slice(claimed.length));
      claimed.push(...look.claimed);
      // Only a look at nothing is an end: with fewer than asked for, an owner or the view of owners was used up, or
      // somebody else was faster. Who is told "none" ends his slot, and that must not happen beside due work.
      if (!look.due) break;
      if (look.claimed.length > 0) continue;
      inVain += 1;
      await pause(looks.pauseMs);
    }
    return claimed;
  }

  /** The jobs that these claims got, if their answers were lost on the way back. */
  claimedWith(nonces: readonly string[]): Promise<ClaimedJob[]> {
    return this.jobs.query(`SELECT ${columns} FROM jobs AS moved WHERE status = 'RUNNING' AND claim_nonce = ANY($1)`, [
      nonces,
    ]);
  }

  private look(request: ClaimRequest, nonces: readonly string[]): Promise<Look> {
    const { perOwner, perKind = 0 } = request;
    if (perOwner === 0 && perKind === 0) return this.take(request, nonces, this.jobs.manager);
    return this.jobs.manager.transaction(async (manager) => {
      // A claim counts what runs when its statement begins, so no other one within the same limit may be under way.
      await manager.query(
        `SELECT pg_advisory_xact_lock($1, hashtext($2)), set_config('idle_in_transaction_session_timeout', $3, true)`,
        [claimLock, perOwner > 0 ? '' : request.kind, String(frozenMs)],
      );
      return this.take(request, nonces, manager);
    });
  }

  /** Locks what it takes and nothing else: to another claim, a row that is locked is not there. */
  private async take(request: ClaimRequest, nonces: readonly string[], manager: EntityManager): Promise<Look> {
    const { kind, workerId, leaseSeconds, perOwner, perKind = 0, after = '', lane } = request;
    const rows = await preparedQuery<ClaimedJob & { readonly due: boolean }>(manager, claims[lane], [
      kind,
      workerId,
      nonces,
      leaseSeconds,
      perOwner,
      perKind,
      after,
      nonces.length,
      nonces.length + Math.max(nonces.length, fewestSpare),
    ]);
    const order = new Map(nonces.map((nonce, index) => [nonce, index]));
    const placeOf = ({ claimNonce }: ClaimedJob) => order.get(claimNonce ?? '') ?? 0;
    // A look without any job is one row of nulls.
    const claimed = rows.flatMap(({ due: _, ...job }) => (job.claimNonce === null ? [] : [job]));
    return { claimed: claimed.sort((a, b) => placeOf(a) - placeOf(b)), due: rows[0]?.due ?? false };
  }
}

/** Select list of a {@link ClaimedJob}. */
const columns = `moved.id, moved.kind, moved.owner_id AS "ownerId", moved.input, moved.checkpoint, moved.attempts,
  moved.max_attempts AS "maxAttempts", moved.timeout_seconds AS "timeoutSeconds", moved.fence,
  moved.last_seq AS "lastSeq", moved.claim_nonce AS "claimNonce", moved.traceparent,
  extract(epoch FROM now() - moved.run_at)::float8 AS "dueSeconds",
  extract(epoch FROM now() - moved.created_at)::float8 AS "ageSeconds"`;

const claims: Readonly<Record<Lane, string>> = {
  main: claimOf(ofLane.main),
  isolated: claimOf(ofLane.isolated),
  any: claimOf(ofLane.any),
};

/**
 * The claim. $8 is how many jobs it wants, $9 how many it looks at. `candidates` fills owners up to one level of running
 * jobs, as water would: the lowest at which $9 jobs are found if every owner has enough of them. That is the order in
 * which claims of one job would go, and no owner is looked at for more jobs than it may get.
 * Subqueries that depend on the row before them keep the planner on indexes, whatever it expects of a CTE.
 */
function claimOf(mine: string): string {
  return `
    WITH RECURSIVE ${heads('ahead', '> $7', mine)}, ${heads('behind', '<= $7', mine)}, turns AS (
      SELECT owner_id, priority, running, row_number() OVER () AS turn
      FROM (${withRoom('ahead')} UNION ALL ${withRoom('behind')} LIMIT ${ownersInView}) waiting
      WHERE ${notPaused('$1')}
    ), levels AS (
      SELECT *, ceil(($9::integer + sum(running) OVER fewest) / row_number() OVER fewest)::integer AS level
      FROM (SELECT * FROM turns
            WHERE $6 = 0 OR (SELECT count(*) FROM jobs WHERE status = 'RUNNING' AND kind = $1) < $6
            ORDER BY running, priority DESC, turn LIMIT $9) first
      WINDOW fewest AS (ORDER BY running, priority DESC, turn)
    ), candidates AS (
      SELECT due.id, owner.running + due.nth AS runs, due.priority, owner.turn
      FROM levels owner CROSS JOIN LATERAL (
        SELECT id, priority, row_number() OVER (ORDER BY priority DESC, run_at, id) AS nth
        FROM (SELECT id, priority, run_at FROM jobs
              WHERE status = 'PENDING' AND kind = $1 AND owner_id = owner.owner_id AND priority <= owner.priority
                AND run_at <= now() ${mine}
              ORDER BY priority DESC, run_at, id
              LIMIT greatest(0, least((SELECT min(level) FROM levels), nullif($5, 0)) - owner.running)) first) due
      ORDER BY runs, due.priority DESC, owner.turn
    ), picked AS (
      SELECT id, row_number() OVER () AS nth
      FROM (SELECT due.id FROM candidates CROSS JOIN LATERAL (
              SELECT id FROM jobs
              WHERE id = candidates.id AND status = 'PENDING' AND run_at <= now() ${mine} FOR UPDATE SKIP LOCKED) due
            LIMIT CASE WHEN $6 = 0 THEN $8::integer
                       ELSE least($8, $6 - (SELECT count(*) FROM jobs WHERE status = 'RUNNING' AND kind = $1)) END) got
    ), moved AS (
      UPDATE jobs SET status = 'RUNNING', attempts = attempts + 1, fence = fence + 1, worker_id = $2,
                      claim_nonce = ($3::uuid[])[array_position((SELECT array_agg(id ORDER BY nth) FROM picked), id)],
                      lease_expires_at = now() + make_interval(secs => $4),
                      deadline_at = now() + make_interval(secs => timeout_seconds),
                      started_at = coalesce(started_at, now()), last_seq = last_seq + 1
      WHERE id = ANY (ARRAY(SELECT id FROM picked)) AND status = 'PENDING'
      RETURNING *
    ), written AS (
      INSERT INTO job_events (job_id, seq, type, data, actor)
      SELECT id, last_seq, 'started', jsonb_build_object('attempt', attempts, 'fence', fence, 'worker', worker_id),
             'worker:' || worker_id FROM moved
    )
    SELECT EXISTS (SELECT FROM candidates) AS due, ${columns} FROM (SELECT) AS look LEFT JOIN moved ON true`;
}

/**
 * CTE of the claim: the owners of a range with pending work of the kind, in order, each with the highest priority at
 * which something is due. It jumps in the index from owner to owner ("loose index scan", PostgreSQL wiki), and within
 * an owner from priority to priority while the first job of one is not due yet. So the cost grows neither with the
 * backlog nor with what is planned ahead, and the caller stops the walk by taking only so many.
 */
function heads(name: string, range: '> $7' | '<= $7', lane: string): string {
  const waiting = `status = 'PENDING' AND kind = $1 ${lane}`;
  return `${name} AS (
    (SELECT owner_id, priority, run_at FROM jobs
     WHERE ${waiting} AND owner_id ${range}
     ORDER BY owner_id, priority DESC, run_at, id LIMIT 1)
    UNION ALL
    SELECT next.owner_id, next.priority, next.run_at FROM ${name} head CROSS JOIN LATERAL (
      (SELECT owner_id, priority, run_at FROM jobs
       WHERE head.run_at > now() AND ${waiting} AND owner_id = head.owner_id AND priority < head.priority
       ORDER BY priority DESC, run_at, id LIMIT 1)
      UNION ALL
      (SELECT owner_id, priority, run_at FROM jobs
       WHERE ${waiting} AND owner_id > head.owner_id AND owner_id ${range}
       ORDER BY owner_id, priority DESC, run_at, id LIMIT 1)
      ORDER BY owner_id LIMIT 1) next)`;
}

/** Those of {@link heads} that are due and may run one more job; with the number they have running, of any kind. */
function withRoom(name: string): string {
  return `SELECT owner_id, priority, running FROM ${name} CROSS JOIN LATERAL (
            SELECT count(*) AS running FROM jobs WHERE status = 'RUNNING' AND owner_id = ${name}.owner_id) own
          WHERE run_at <= now() AND ($5 = 0 OR running < $5)`;
}
