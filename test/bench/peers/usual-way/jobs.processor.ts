import { Processor, WorkerHost } from '@nestjs/bullmq';
import { InjectRepository } from '@nestjs/typeorm';
import type { Job as Delivery } from 'bullmq';
import { Repository } from 'typeorm';
import { concurrency } from '../../settings.js';
import { Job } from './job.entity.js';

@Processor('jobs', { concurrency })
export class JobsProcessor extends WorkerHost {
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>) {
    super();
  }

  override async process(delivery: Delivery<{ id: string }>): Promise<void> {
    const job = await this.jobs.findOneByOrFail({ id: delivery.data.id });
    job.status = 'RUNNING';
    await this.jobs.save(job);
    job.status = 'SUCCESS';
    job.result = {};
    await this.jobs.save(job);
  }
}
