import {
  jobEventTypes,
  jobStatuses,
  logLevels,
  type JobEventType,
  type JobStatus,
  type LogLevel,
} from '@longhaul/jobs';
import { ApiProperty } from '@nestjs/swagger';

const time = { type: 'string', format: 'date-time' } as const;
const maybeTime = { ...time, nullable: true } as const;
const anyObject = { type: 'object', additionalProperties: true } as const;

/** How far a task has come. */
export class TaskProgressDto {
  @ApiProperty({ minimum: 0, maximum: 100, example: 40 })
  percent: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'Units done.' })
  current: number | null;
  @ApiProperty({ type: 'number', nullable: true, description: 'Units in all.' })
  total: number | null;
  @ApiProperty({ type: 'string', nullable: true })
  message: string | null;
}

/** Why a task or an attempt ended badly. */
export class TaskErrorDto {
  /** A word of `error_codes` of its task type, or of the engine. */
  code: string;
  message: string;
  /** Whether a later attempt may succeed. */
  retryable: boolean;
}

/** One line of a task's log. */
export class TaskLogDto {
  @ApiProperty(time)
  timestamp: string;
  @ApiProperty({ enum: logLevels })
  level: LogLevel;
  message: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the event within its task.' })
  seq: number;
}

/** Relative references. */
export class TaskLinksDto {
  self: string;
  stream: string;
  logs: string;
  events: string;
}

/** Where a task stands in the line of its type. */
export class TaskQueueDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'From 1, by priority and age. Null: further back than 1,000.',
  })
  position: number | null;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'How long the line before it may take, by the tasks that ended in the last hour. Null: not known.',
  })
  estimated_wait_seconds: number | null;
}

/** A task. */
export class TaskDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  task_id: string;
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ enum: jobStatuses })
  status: JobStatus;
  progress: TaskProgressDto;
  @ApiProperty({
    ...anyObject,
    nullable: true,
    description: 'What the task made, once its status is SUCCESS. In lists null when larger than 64 KiB.',
  })
  result_payload: Record<string, unknown> | null;
  @ApiProperty({ type: TaskErrorDto, nullable: true, description: 'Why it failed, or why its last attempt did.' })
  error: TaskErrorDto | null;
  @ApiProperty({ ...anyObject, description: 'As the client sent it.' })
  metadata: Record<string, unknown>;
  @ApiProperty(time)
  created_at: string;
  @ApiProperty(maybeTime)
  started_at: string | null;
  @ApiProperty(maybeTime)
  completed_at: string | null;
  @ApiProperty({ ...time, description: 'When it is, or was, due to start.' })
  run_at: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Attempts after the first one.' })
  retry_count: number;
  @ApiProperty({
    type: TaskQueueDto,
    nullable: true,
    description: 'While it is due and waits, in the answers for one task; null otherwise, in lists and in batches.',
  })
  queue: TaskQueueDto | null;
  @ApiProperty({ type: 'integer', minimum: 1 })
  max_attempts: number;
  owner_id: string;
  @ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{32}$',
    nullable: true,
    description: 'Trace of the request that submitted it; logs and traces of its attempts have it too.',
  })
  trace_id: string | null;
  @ApiProperty({ type: [TaskLogDto], description: 'GET /tasks/{id}: the last 50 lines; empty elsewhere.' })
  logs: TaskLogDto[];
  links: TaskLinksDto;
}

/** One change of a task, as streams send it. Fields that do not apply are null. */
export class StreamEventDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  task_id: string;
  @ApiProperty({ enum: ['snapshot', ...jobEventTypes] })
  type: JobEventType | 'snapshot';
  @ApiProperty({ enum: jobStatuses, description: 'Status right after it.' })
  status: JobStatus;
  @ApiProperty({ type: TaskProgressDto, nullable: true })
  progress: TaskProgressDto | null;
  @ApiProperty({ type: 'string', nullable: true })
  message: string | null;
  @ApiProperty({ enum: logLevels, nullable: true })
  level: LogLevel | null;
  @ApiProperty({ ...anyObject, nullable: true })
  result: Record<string, unknown> | null;
  @ApiProperty({ type: TaskErrorDto, nullable: true })
  error: TaskErrorDto | null;
  @ApiProperty({ type: 'integer', minimum: 1 })
  seq: number;
  @ApiProperty(time)
  timestamp: string;
}

/** One change of a task, with who caused it: the audit trail. */
export class TaskEventDto extends StreamEventDto {
  @ApiProperty({ description: 'A user’s id, `worker:<id>` or `reconciler`.' })
  actor: string;
}

/** A ticket for EventSource, which can send no header. */
export class StreamTicketDto {
  /** Good for one `GET /tasks/{id}/stream?ticket=…`. */
  ticket: string;
  @ApiProperty({ type: 'integer', example: 30, description: 'Seconds until it expires unused.' })
  expires_in: number;
}
