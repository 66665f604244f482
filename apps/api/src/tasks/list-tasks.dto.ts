import { jobStatuses, type JobStatus } from '@longhaul/jobs';
import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { FromDigits, FromList, IfGiven, IsTime } from '../validation/rules.js';

/** Which tasks: the same filters for the list and for the stream of many tasks. */
export class TaskFilterDto {
  @ApiPropertyOptional({
    enum: jobStatuses,
    isArray: true,
    style: 'form',
    explode: false,
    description: 'Comma-separated.',
  } as object)
  @IfGiven()
  @FromList()
  @IsIn(jobStatuses, { each: true, message: `status must be of: ${jobStatuses.join(', ')}` })
  status?: JobStatus[];

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$' },
    style: 'form',
    explode: false,
    description: 'Comma-separated.',
  } as object)
  @IfGiven()
  @FromList()
  @Matches(/^[a-z][a-z0-9_]{0,63}$/, { each: true, message: 'task_type must be a comma-separated list of task types' })
  task_type?: string[];

  @ApiPropertyOptional({ minLength: 1, maxLength: 255, description: 'Whose tasks; for admins.' })
  @IfGiven()
  @IsString()
  @Length(1, 255)
  owner_id?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IfGiven()
  @IsTime()
  created_after?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IfGiven()
  @IsTime()
  created_before?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 200,
    description: 'Text in the id’s beginning or end, type, fields or metadata.',
  })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  q?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 50 })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

/** Query of `GET /tasks`. */
export class ListTasksDto extends TaskFilterDto {
  @ApiPropertyOptional({ maxLength: 200, description: 'From the Link header of the page before.' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  cursor?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    description: 'For small lists; use cursor for long ones.',
  })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(0)
  @Max(10_000)
  skip?: number;
}

/** Query of `GET /tasks/stream`. */
export class StreamTasksDto extends TaskFilterDto {
  @ApiPropertyOptional({ maxLength: 200, description: 'As the Last-Event-ID header, which comes first.' })
  @IfGiven()
  @IsString()
  @Length(0, 200)
  last_event_id?: string;
}

/** Query of `GET /tasks/{id}/stream`. */
export class StreamTaskDto {
  @ApiPropertyOptional({ maxLength: 20, description: 'As the Last-Event-ID header, which comes first.' })
  @IfGiven()
  @IsString()
  @Length(0, 20)
  last_event_id?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'No snapshot: every event after this number.' })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(0)
  from?: number;

  @ApiPropertyOptional({ maxLength: 100, description: 'From `POST /tasks/{id}/stream-ticket`.' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  ticket?: string;
}

/** Query of logs and events. */
export class HistoryPageDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 2_147_483_647,
    description: 'Only what has a greater seq.',
  })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 1_000 })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;
}

/** Query of `GET /tasks/counts`. */
export class CountTasksDto extends PickType(TaskFilterDto, [
  'task_type',
  'owner_id',
  'created_after',
  'created_before',
  'q',
] as const) {}
