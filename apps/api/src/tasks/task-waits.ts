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
  untilEnd(job: JobEntity, seconds: number, response: ServerResponse): Promise<JobEntity> {
    return this.wait(job, 'end', seconds, response);
  }

  /** The same, but an event after the job's newest is enough. */
  untilChange(job: JobEntity, seconds: number, response: ServerResponse): Promise<JobEntity> {
    return this.wait(job, 'change', seconds, response);
  }

  private async wait(
    job: JobEntity,
    until: 'end' | 'change',
    seconds: number,
    response: ServerResponse,
  ): Promise<JobEntity> {
    const left = new AbortController();
    const leave = () => left.abort();
    response.once('close', leave);
    try {
      const signal = AbortSignal.any([left.signal, this.shutdown.signal]);
      const waited = await this.jobs.wait(job.id, { until, afterSeq: job.lastSeq, timeoutMs: seconds * 1000, signal });
      if (waited === null) throw noSuchTask();
      return waited;
    } finally {
      response.removeListener('close', leave);
    }
  }
}
