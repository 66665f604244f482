import { WorkerHost } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { JobContext } from './job-context.js';
import { JobRunner } from './job-runner.js';
import type { KindDefinition } from './kind.js';
import type { Doorbell } from './queue.js';

/**
 * Base of the `@Processor` class of a kind. BullMQ's delivery only grants a slot: which job runs in it, and how it
 * ends, is decided on the rows by the JobRunner.
 */
export abstract class JobProcessor<
  Input extends object = object,
  Result extends object = object,
  Checkpoint = unknown,
> extends WorkerHost {
  @Inject(JobRunner)
  private readonly runner: JobRunner;

  abstract readonly kind: KindDefinition<Input>;

  /**
   * Does the work of one attempt. What it returns is the task's result; what it throws decides between retry and
   * failure (see job-errors.ts). It may run again for the same job, so effects outside must be idempotent.
   */
  abstract handle(context: JobContext<Input, Checkpoint>): Promise<Result>;

  override async process(delivery: Job<Doorbell>, token?: string): Promise<void> {
    await this.runner.serve(this, delivery, token);
  }
}
