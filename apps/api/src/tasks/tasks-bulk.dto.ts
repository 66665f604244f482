import { countedJobs, jobStatuses, type JobStatus } from '@longhaul/jobs';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsString, MaxLength } from 'class-validator';

const count = { type: 'integer', minimum: 0, maximum: countedJobs } as const;

/** Tasks by status. */
export class StatusCountsDto implements Record<JobStatus, number> {
  @ApiProperty(count)
  PENDING: number;
  @ApiProperty(count)
  RUNNING: number;
  @ApiProperty(count)
  SUCCESS: number;
  @ApiProperty(count)
  FAILED: number;
  @ApiProperty(count)
  CANCELLED: number;
}

/** How many tasks a filter lets through. */
export class TaskCountsDto {
  counts: StatusCountsDto;
  @ApiProperty({
    description: `Whether there may be more: each status is counted to ${countedJobs.toLocaleString('en')}, and only so many tasks are looked at for a filter.`,
  })
  capped: boolean;
}

const bulkActions = ['cancel', 'retry'] as const;
const mostTasks = 100;

/** Body of `POST /tasks/bulk`. */
export class BulkTasksDto {
  @ApiProperty({ enum: bulkActions })
  @IsIn(bulkActions, { message: `action must be of: ${bulkActions.join(', ')}` })
  action: (typeof bulkActions)[number];

  @ApiProperty({
    type: 'array',
    items: { type: 'string', maxLength: 64 },
    minItems: 1,
    maxItems: mostTasks,
    uniqueItems: true,
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(mostTasks)
  @ArrayUnique({ message: 'task_ids must name each task once' })
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  task_ids: string[];
}

/** What a task's refusal says; the fields of a problem document that differ from task to task. */
export class BulkProblemDto {
  @ApiProperty({ example: 'task_ended' })
  code: string;
  title: string;
  detail: string;
  @ApiProperty({ type: 'integer', example: 409 })
  status: number;
}

/** A task that was changed, or was as wanted already. */
export class BulkDoneDto {
  task_id: string;
  @ApiProperty({ enum: [true] })
  ok: true;
  @ApiProperty({ enum: jobStatuses })
  status: JobStatus;
}

/** A task that was not changed. */
export class BulkRefusedDto {
  task_id: string;
  @ApiProperty({ enum: [false] })
  ok: false;
  problem: BulkProblemDto;
}

/** One answer a task, in the order in which they were named. */
@ApiExtraModels(BulkDoneDto, BulkRefusedDto)
export class BulkResultsDto {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(BulkDoneDto) }, { $ref: getSchemaPath(BulkRefusedDto) }] },
  })
  results: (BulkDoneDto | BulkRefusedDto)[];
}
