import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '@longhaul/config';
import { beyondCount, isTerminal, type JobEntity } from '@longhaul/jobs';
import { etagOf } from './etag.js';
import { preferenceApplied, type Preferences } from './prefer.js';
import type { TaskQueueDto } from './task.dto.js';

/** Headers that go with a task. */
@Injectable()
export class TaskAnswers {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** For an accepted task: where it is, and when to look. PUBLIC_URL is used, never the Host header. */
  accepted(reply: FastifyReply, job: JobEntity, queue: TaskQueueDto | null, preferences?: Preferences): void {
    const path = `/tasks/${job.id}`;
    void reply.headers({
      location: path,
      'operation-location': `${this.config.PUBLIC_URL}${path}`,
      'retry-after': '1',
      etag: etagOf(job, queue),
    });
    if (preferences) this.applied(reply, preferences);
  }

  /** For a task that was asked for. Cached copies must be checked with its ETag. */
  current(reply: FastifyReply, job: JobEntity, queue: TaskQueueDto | null, preferences: Preferences): void {
    void reply.headers({ etag: etagOf(job, queue), 'cache-control': 'private, no-cache', vary: 'Authorization' });
    if (queue !== null) void reply.header('queue-position', String(queue.position ?? beyondCount));
    if (!isTerminal(job.status)) void reply.header('retry-after', '1');
    this.applied(reply, preferences);
  }

  private applied(reply: FastifyReply, preferences: Preferences): void {
    const applied = preferenceApplied(preferences);
    if (applied !== null) void reply.header('preference-applied', applied);
  }
}
