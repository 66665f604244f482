import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { JobEvent } from './job-event.js';
import { eventColumns } from './job-rows.js';
import { JobEntity } from './job.entity.js';
import type { LogEnd, LogPosition } from './log-position.js';

/** An event in the log of all jobs, with what filters need of its job. */
export interface LogEvent extends JobEvent {
  readonly kind: string;
  readonly ownerId: string;
  readonly createdAt: Date;
  /** Number of the transaction that wrote it. */
  readonly xid: bigint;
}

/** Reads the log in the order of {@link LogPosition}. */
@Injectable()
export class LogReader {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /** Every transaction below this number has ended: what they wrote is all there, and stays as it is. */
  async end(): Promise<LogEnd> {
    // Another cluster, another timeline of it (restored to a point in time, or failed over) or another database.
    const [row] = await this.jobs.query<{ at: string; origin: string }[]>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS at,
              left(md5(concat_ws('/', (pg_control_system()).system_identifier,
                                 left(pg_walfile_name(pg_current_wal_lsn()), 8),
                                 (SELECT oid FROM pg_database WHERE datname = current_database()))), 8) AS origin`,
    );
    if (row === undefined) throw new Error('no end of the log');
    return { origin: row.origin, at: BigInt(row.at) };
  }

  /** Events of one batch behind a position in it. @param ownerId only those of this owner's jobs. */
  async page({ from, to, event }: LogPosition, limit: number, ownerId?: string): Promise<LogEvent[]> {
    const rows = await this.jobs.query<(Omit<LogEvent, 'xid'> & { xid: string })[]>(
      `SELECT ${eventColumns('event')}, event.xid::text AS xid, jobs.kind, jobs.owner_id AS "ownerId",
              jobs.created_at AS "createdAt"
       FROM job_events event JOIN jobs ON jobs.id = event.job_id
       WHERE event.xid >= $1::text::xid8 AND event.xid < $2::text::xid8
         AND ($3::uuid IS NULL OR (event.job_id, event.seq) > ($3, $4)) AND ($5::text IS NULL OR jobs.owner_id = $5)
       ORDER BY event.job_id, event.seq LIMIT $6`,
      [from, to, event?.jobId ?? null, event?.seq ?? 0, ownerId ?? null, limit],
    );
    return rows.map((row) => ({ ...row, xid: BigInt(row.xid) }));
  }
}
