import { Injectable } from '@nestjs/common';
import type { Principal } from '@longhaul/auth';
import { JobsService, type JobEntity } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';
import { TaskAccess } from './task-access.js';

/** What callers may do with one task, alone or among many: the rules are the same. */
@Injectable()
export class TaskChanges {
  constructor(
    private readonly jobs: JobsService,
    private readonly access: TaskAccess,
  ) {}

  /** @throws Problem unless it is cancelled now. */
  async cancel(id: string, principal: Principal): Promise<void> {
    await this.access.cancellable(id, principal);
    const outcome = await this.jobs.cancel(id, principal.subject);
    if (outcome === 'missing') throw await this.access.missing(id, principal);
    if (outcome === 'ended') throw new Problem('task_ended');
  }

  /** @throws Problem unless it waits again now. */
  async retry(id: string, principal: Principal): Promise<JobEntity> {
    await this.access.retryable(id, principal);
    const job = await this.jobs.requeue(id, principal.subject);
    if (job === 'missing') throw await this.access.missing(id, principal);
    if (job === 'not_failed') throw new Problem('task_not_failed');
    return job;
  }
}
