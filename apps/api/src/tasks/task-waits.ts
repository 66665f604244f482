import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { JobsService, type JobEntity } from '@longhaul/jobs';
import { noSuchTask } from '../problems/problem.js';
import { Shutdown } from '../shutdown.js';

/** Long polls: answers as soon as there is something to say. */
@Injectable()
export class TaskWaits {
  constructor(
    private readonly jobs: JobsService,
    private readonly shutdown: Shutdown,
  ) {}

  /** The job once it has ended, or as it is after `seconds`, when the client leaves or when the process stops. */
  async untilEnd(job: JobEntity, seconds: number, response: ServerResponse): Promise<JobEntity> {
    await this.wait(job, 'end', seconds, response);
    const waited = await this.jobs.find(job.id);
    if (waited === null) throw noSuchTask();
    return waited;
  }

  /** Resolves at the same moments, or when the job has a new event. */
  untilChange(job: JobEntity, seconds: number, response: ServerResponse): Promise<void> {
    return this.wait(job, 'change', seconds, response);
  }

  private async wait(
    job: JobEntity,
    until: 'end' | 'change',
    seconds: number,
    response: ServerResponse,
  ): Promise<void> {
    const left = new AbortController();
    const leave = () => left.abort();
    response.once('close', leave);
    try {
      const signal = AbortSignal.any([left.signal, this.shutdown.signal]);
      await this.jobs.wait(job, { until, timeoutMs: seconds * 1000, signal });
    } finally {
      response.removeListener('close', leave);
    }
  }
}
