import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { timeOf, type FailedPosition } from './failed-jobs.reader.js';
import { jobColumns } from './job-rows.js';
import { transitions } from './job-status.js';
import { JobEntity } from './job.entity.js';
import { newRound, writeEvents, type NewEvent } from './job.store.js';
import { toJsonb } from './jsonb.js';

/** Which jobs of a group one statement changes. */
interface Batch {
  /** Only failures up to this one: a job that is retried and fails at once is not taken again by the same call. */
  readonly upTo: FailedPosition;
  readonly limit: number;
}

/**
 * The transitions `requeued` and `discarded` for jobs of one group of failures: like those of the JobStore, each is one
 * UPDATE, guarded row by row, with its events in the same statement.
 */
@Injectable()
export class FailedJobsStore {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /**
   * Opens a new round of the newest job of a group, and remembers it as the group's canary. Of several calls at once one
   * gets it: those that cannot see its canary yet choose the same job. The others get null.
   * @param beside whether there may be another canary that has not ended.
   */
  async requeueCanary(fingerprint: string, beside: boolean, actor: string): Promise<JobEntity | null> {
    const message = 'Retried first, as the canary of its group.';
    const event: NewEvent = { type: 'requeued', message, data: { fingerprint, canary: true }, actor };
    const picked = `AND ($4 OR NOT EXISTS (SELECT FROM jobs other WHERE other.canary_of = $1 AND other.finished_at IS NULL))
                    ORDER BY finished_at DESC, id DESC LIMIT 1`;
    const [job] = await this.move(
      'requeued',
      fingerprint,
      picked,
      event,
      `${newRound}, canary_of = error_fingerprint`,
      [beside],
    );
    return job ?? null;
  }

  /** Opens a new round of jobs of a group, the oldest failures first. */
  requeue(fingerprint: string, batch: Batch, actor: string): Promise<JobEntity[]> {
    const message = 'Retried together with its group.';
    const event: NewEvent = { type: 'requeued', message, data: { fingerprint, canary: false }, actor };
    return this.moveBatch('requeued', fingerprint, batch, event, `${newRound}, canary_of = NULL`);
  }

  /** Notes that jobs of a group need nothing more, and why. */
  discard(fingerprint: string, batch: Batch, reason: string, actor: string): Promise<JobEntity[]> {
    const event: NewEvent = { type: 'discarded', message: reason, data: { fingerprint }, actor };
    return this.moveBatch('discarded', fingerprint, batch, event, `discarded_at = now()`);
  }

  /** Jobs that another statement holds at this moment are left out. */
  private moveBatch(
    name: 'requeued' | 'discarded',
    fingerprint: string,
    { upTo, limit }: Batch,
    event: NewEvent,
    set: string,
  ): Promise<JobEntity[]> {
    const picked = `AND finished_at <= ${timeOf('$4')}
                    ORDER BY finished_at, id LIMIT $5 FOR UPDATE SKIP LOCKED`;
    return this.move(name, fingerprint, picked, event, set, [upTo.at, limit]);
  }

  /** @param picked which of the group's jobs: conditions, order and limit; its parameters start at $4. */
  private move(
    name: 'requeued' | 'discarded',
    fingerprint: string,
    picked: string,
    event: NewEvent,
    set: string,
    params: readonly unknown[],
  ): Promise<JobEntity[]> {
    const { from, to } = transitions[name];
    return this.jobs.query(
      `WITH picked AS (
         SELECT id FROM jobs WHERE status = 'FAILED' AND discarded_at IS NULL AND error_fingerprint = $1 ${picked}
       ), moved AS (
         UPDATE jobs SET status = '${to}', last_seq = last_seq + 1, ${set}
         WHERE id IN (SELECT id FROM picked) AND status = ANY($2) AND discarded_at IS NULL
         RETURNING *
       ), written AS (${writeEvents('$3')})
       SELECT ${jobColumns(this.jobs, 'moved')} FROM moved`,
      [fingerprint, from, toJsonb([event]), ...params],
    );
  }
}
