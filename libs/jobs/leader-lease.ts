import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { JobEntity } from './job.entity.js';
import { withinTime } from './time-limit.js';

/** Work that takes longer is left alone when the process stops. */
const stopMs = 5_000;

/** A lease by name, in database time: at most one holder, and another one soon after the holder has gone silent. */
@Injectable()
export class LeaderLease {
  constructor(@InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>) {}

  /** Takes or extends the lease; false while somebody else holds it. */
  async acquire(name: string, holder: string, seconds: number): Promise<boolean> {
    const rows = await this.jobs.query<unknown[]>(
      `WITH held AS (
         INSERT INTO leader_leases AS lease (name, holder, expires_at)
         VALUES ($1, $2, now() + make_interval(secs => $3))
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
         WHERE lease.holder = excluded.holder OR lease.expires_at < now()
         RETURNING name
       )
       SELECT name FROM held`,
      [name, holder, seconds],
    );
    return rows.length > 0;
  }

  /**
   * Gives the lease back when the work under it has ended, well or badly. Never fails, and takes five seconds at most: a
   * lease that is not given back runs out soon.
   */
  async releaseAfter(work: Promise<unknown>, name: string, holder: string): Promise<void> {
    const released = work.catch(() => undefined).then(() => this.release(name, holder));
    await withinTime(released, stopMs, 'Giving a lease back').catch(() => undefined);
  }

  /** Gives the lease back, so that the next holder need not wait. */
  private async release(name: string, holder: string): Promise<void> {
    await this.jobs.query(`UPDATE leader_leases SET expires_at = now() WHERE name = $1 AND holder = $2`, [
      name,
      holder,
    ]);
  }
}
