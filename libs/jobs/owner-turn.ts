import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Doorbells } from './doorbells.js';
import { JobEntity } from './job.entity.js';
import type { Ring } from './queue.js';

/**
 * Where an owner may run only so many jobs, the end of one makes room for another one, of any kind. A slot goes on with
 * jobs of its own kind by itself; for those of other kinds, whose doorbells found no room, somebody must ring.
 */
@Injectable()
export class OwnerTurn {
  constructor(
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    private readonly doorbells: Doorbells,
  ) {}

  /**
   * Rings for the next due job of this owner that is of another kind. Under the number of its last ring: a doorbell
   * that is still in the queue stays the only one.
   */
  async pass({ ownerId, kind }: Pick<JobEntity, 'ownerId' | 'kind'>): Promise<void> {
    const rings = await this.jobs.query<Ring[]>(
      `SELECT id AS "jobId", kind, dispatch, 0 AS "delayMs" FROM jobs
       WHERE status = 'PENDING' AND owner_id = $1 AND kind <> $2 AND run_at <= now()
       ORDER BY priority DESC, run_at, id LIMIT 1`,
      [ownerId, kind],
    );
    await this.doorbells.ring(rings);
  }
}
