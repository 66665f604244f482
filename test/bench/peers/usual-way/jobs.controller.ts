import { InjectQueue, OnQueueEvent, QueueEventsHost, QueueEventsListener } from '@nestjs/bullmq';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  type MessageEvent,
  NotFoundException,
  Param,
  Post,
  Request,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { InjectRepository } from '@nestjs/typeorm';
import { Queue } from 'bullmq';
import { filter, map, type Observable, Subject } from 'rxjs';
import { Repository } from 'typeorm';
import { CreateJobDto } from './create-job.dto.js';
import { Job } from './job.entity.js';

/** Turns the queue's events into those of the streams. */
@QueueEventsListener('jobs')
export class JobEvents extends QueueEventsHost {
  readonly ended = new Subject<{ readonly id: string; readonly status: Job['status'] }>();

  @OnQueueEvent('completed')
  onCompleted({ jobId }: { jobId: string }): void {
    this.ended.next({ id: jobId, status: 'SUCCESS' });
  }
}

@Controller('jobs')
@UseGuards(AuthGuard('jwt'))
export class JobsController {
  constructor(
    @InjectRepository(Job) private readonly jobs: Repository<Job>,
    @InjectQueue('jobs') private readonly queue: Queue,
    private readonly events: JobEvents,
  ) {}

  @Post()
  @HttpCode(202)
  async create(@Body() { task_type: type, ...input }: CreateJobDto, @Request() request: { user: { id: string } }) {
    const job = await this.jobs.save(this.jobs.create({ type, input, ownerId: request.user.id }));
    await this.queue.add(type, { id: job.id }, { jobId: job.id, removeOnComplete: true });
    return { id: job.id, status: job.status };
  }

  @Get(':id')
  async find(@Param('id') id: string): Promise<Job> {
    const job = await this.jobs.findOneBy({ id });
    if (job === null) throw new NotFoundException();
    return job;
  }

  @Sse(':id/stream')
  stream(@Param('id') id: string): Observable<MessageEvent> {
    return this.events.ended.pipe(
      filter((event) => event.id === id),
      map((data) => ({ data })),
    );
  }
}
