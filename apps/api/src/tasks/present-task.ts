import { beyondCount, type JobEntity, type LogLine, type PlaceInLine } from '@longhaul/jobs';
import { traceIdOf } from '@longhaul/telemetry';
import type { TaskDto, TaskLogDto, TaskProgressDto, TaskQueueDto } from './task.dto.js';

/** What of a task is not in its row. */
export interface TaskExtras {
  /** Its place in line, where it is shown and the task waits. */
  readonly queue?: TaskQueueDto | null;
  /** Its last lines, where they are shown. */
  readonly logs?: readonly LogLine[];
}

/** A job as its task body: the only way from row to wire. */
export function presentTask(job: JobEntity, { queue = null, logs = [] }: TaskExtras = {}): TaskDto {
  const self = `/tasks/${job.id}`;
  return {
    task_id: job.id,
    task_type: job.kind,
    status: job.status,
    progress: presentProgress(job),
    result_payload: job.result,
    error: job.error && presentError(job.error),
    metadata: job.metadata,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    completed_at: job.finishedAt?.toISOString() ?? null,
    run_at: job.runAt.toISOString(),
    queue,
    retry_count: Math.max(0, job.attempts - 1),
    max_attempts: job.maxAttempts,
    owner_id: job.ownerId,
    trace_id: traceIdOf(job.traceparent),
    logs: logs.map(presentLog),
    links: { self, stream: `${self}/stream`, logs: `${self}/logs`, events: `${self}/events` },
  };
}

export function presentQueue(place: PlaceInLine | null): TaskQueueDto | null {
  if (place === null) return null;
  const { position, estimatedWaitSeconds } = place;
  return { position: position === beyondCount ? null : position, estimated_wait_seconds: estimatedWaitSeconds };
}

export function presentLog(event: LogLine): TaskLogDto {
  return { timestamp: event.at.toISOString(), level: event.level, message: event.message ?? '', seq: event.seq };
}

/** A finished task is at 100 %, whatever its handler reported last. */
export function presentProgress({ progress, status }: Pick<JobEntity, 'progress' | 'status'>): TaskProgressDto {
  return {
    percent: status === 'SUCCESS' ? 100 : (progress?.percent ?? 0),
    current: progress?.current ?? null,
    total: progress?.total ?? null,
    message: progress?.message ?? null,
  };
}

/** Exactly the three fields of the contract. */
export function presentError({ code, message, retryable }: NonNullable<JobEntity['error']>) {
  return { code, message, retryable };
}
