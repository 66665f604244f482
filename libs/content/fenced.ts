import { LeaseLostError } from '@longhaul/jobs/worker';
import type { EntityManager } from 'typeorm';

/** The attempt on whose behalf a pipeline writes. */
export interface PipelineAttempt {
  readonly jobId: string;
  readonly fence: number;
}

/**
 * To be called first in a transaction that writes for an attempt: until its end nobody can take the job away.
 * @throws LeaseLostError when the attempt does not own its job any more.
 */
export async function holdFence(manager: EntityManager, { jobId, fence }: PipelineAttempt): Promise<void> {
  const held = await manager.query<unknown[]>(
    `SELECT FROM jobs WHERE id = $1 AND status = 'RUNNING' AND fence = $2 FOR NO KEY UPDATE`,
    [jobId, fence],
  );
  if (held.length === 0) throw new LeaseLostError('The job belongs to somebody else now.');
}
