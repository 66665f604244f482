import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { mayCancelJob, mayDiscardJob, mayReadJob, mayRetryJob, type Decision, type Principal } from '@longhaul/auth';
import { JobsService, type JobEntity } from '@longhaul/jobs';
import { noSuchTask, Problem } from '../problems/problem.js';

/** Finds tasks for callers: what is not theirs is not there. */
@Injectable()
export class TaskAccess {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: JobsService,
  ) {}

  /** @throws Problem `not_found`. */
  async readable(id: string, principal: Principal): Promise<JobEntity> {
    const job = await this.jobs.find(id);
    if (job === null || !mayReadJob(principal, job)) throw noSuchTask();
    return job;
  }

  /** @throws Problem `not_found` or `forbidden`. */
  async cancellable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, (job) => mayCancelJob(principal, job, this.config.CANCEL_POLICY));
  }

  /** @throws Problem `not_found` or `forbidden`. */
  async retryable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, (job) => mayRetryJob(principal, job));
  }

  /** @throws Problem `not_found` or `forbidden`. */
  async discardable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, (job) => mayDiscardJob(principal, job));
  }

  private async decided(id: string, rule: (job: JobEntity) => Decision): Promise<JobEntity> {
    const job = await this.jobs.find(id);
    const decision = job === null ? 'not_found' : rule(job);
    if (job === null || decision === 'not_found') throw noSuchTask();
    if (decision === 'forbidden') throw new Problem('forbidden', 'Only admins may do this.');
    return job;
  }
}
