import { statusAfter, type JobEntity, type JobError, type JobEvent, type JobProgress } from '@longhaul/jobs';
import { presentError, presentProgress } from './present-task.js';
import type { StreamEventDto, TaskEventDto } from './task.dto.js';

type Result = JobEntity['result'];

/** An event as streams send it. @param result the job's result, for a `succeeded` event. */
export function presentStreamEvent(event: JobEvent, result: Result): StreamEventDto {
  const status = statusAfter(event.type);
  const error = event.data?.error as JobError | undefined;
  return {
    task_id: event.jobId,
    type: event.type,
    status,
    progress:
      event.type === 'progress' ? presentProgress({ status, progress: event.data as unknown as JobProgress }) : null,
    message: event.message,
    level: event.type === 'progress' ? null : event.level,
    result: event.type === 'succeeded' ? result : null,
    error: error ? presentError(error) : null,
    seq: event.seq,
    timestamp: event.at.toISOString(),
  };
}

/** An event in a task's audit trail. */
export function presentEvent(event: JobEvent, result: Result): TaskEventDto {
  return { ...presentStreamEvent(event, result), actor: event.actor };
}

/** The first message of a fresh stream: where the job stands, as of its newest event. */
export function presentSnapshot(job: JobEntity): StreamEventDto {
  return {
    task_id: job.id,
    type: 'snapshot',
    status: job.status,
    progress: presentProgress(job),
    message: job.progress?.message ?? null,
    level: null,
    result: job.result,
    error: job.error && presentError(job.error),
    seq: job.lastSeq,
    timestamp: new Date().toISOString(),
  };
}
