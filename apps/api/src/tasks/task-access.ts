import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { mayCancelJob, mayDiscardJob, mayReadJob, mayRetryJob, type Decision, type Principal } from '@longhaul/auth';
import { JobsService, type JobEntity, type ShownJob } from '@longhaul/jobs';
import { noSuchTask, Problem } from '../problems/problem.js';

/** Finds tasks for callers: what is not theirs is not there. */
@Injectable()
export class TaskAccess {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jobs: JobsService,
  ) {}

  /** @throws Problem `not_found` or `task_removed`. */
  async readable(id: string, principal: Principal): Promise<JobEntity> {
    const job = await this.jobs.find(id);
    if (job === null) throw await this.missing(id, principal);
    if (!mayReadJob(principal, job)) throw noSuchTask();
    return job;
  }

  /** A task with its log lines. @throws Problem `not_found` or `task_removed`. */
  async shown(id: string, principal: Principal): Promise<ShownJob> {
    const shown = await this.jobs.show(id);
    if (shown === null) throw await this.missing(id, principal);
    if (!mayReadJob(principal, shown.job)) throw noSuchTask();
    return shown;
  }

  /** @throws Problem `not_found`, `task_removed` or `forbidden`. */
  async cancellable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, principal, (job) => mayCancelJob(principal, job, this.config.CANCEL_POLICY));
  }

  /** @throws Problem `not_found`, `task_removed` or `forbidden`. */
  async retryable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, principal, (job) => mayRetryJob(principal, job));
  }

  /** @throws Problem `not_found`, `task_removed` or `forbidden`. */
  async discardable(id: string, principal: Principal): Promise<JobEntity> {
    return this.decided(id, principal, (job) => mayDiscardJob(principal, job));
  }

  /** What to answer about a task that is not there: for a while, those who might have read it learn that it was. */
  async missing(id: string, principal: Principal): Promise<Problem> {
    const removed = await this.jobs.findRemoved(id, this.config.REMOVED_GRACE_DAYS);
    return removed !== null && mayReadJob(principal, removed) ? new Problem('task_removed') : noSuchTask();
  }

  private async decided(id: string, principal: Principal, rule: (job: JobEntity) => Decision): Promise<JobEntity> {
    const job = await this.jobs.find(id);
    if (job === null) throw await this.missing(id, principal);
    const decision = rule(job);
    if (decision === 'not_found') throw noSuchTask();
    if (decision === 'forbidden') throw new Problem('forbidden', 'Only admins may do this.');
    return job;
  }
}
