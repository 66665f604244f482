import { jobStatuses, type JobStatus } from '@longhaul/jobs';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { DiscardTaskDto } from '../tasks/discard-task.dto.js';
import { ListTasksDto } from '../tasks/list-tasks.dto.js';
import { TaskDto } from '../tasks/task.dto.js';
import { IfGiven, IsTime } from '../validation/rules.js';

const time = { type: 'string', format: 'date-time' } as const;
const taskId = { type: 'string', format: 'uuid' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const retryModes = ['canary', 'all'] as const;

/** Tasks that one call retries or discards, unless it says another limit. */
const mostTasks = 1_000;

/** Query of `GET /admin/failed`. */
export class FailedGroupsQueryDto extends PickType(ListTasksDto, ['task_type', 'limit', 'cursor'] as const) {
  @ApiPropertyOptional({ ...time, description: 'Only groups with a failure since then.' })
  @IfGiven()
  @IsTime()
  since?: string;
}

/** Query of `GET /admin/failed/{fingerprint}`. */
export class FailedGroupQueryDto extends PickType(ListTasksDto, ['limit', 'cursor'] as const) {}

/** The task that was retried first, to see whether the cause is gone. */
export class CanaryDto {
  @ApiProperty(taskId)
  task_id: string;
  @ApiProperty({ enum: jobStatuses })
  status: JobStatus;
}

/** Failed tasks of one type with the same cause, without those that were discarded. */
export class FailedGroupDto {
  @ApiProperty({
    pattern: '^[0-9a-f]{32}$',
    example: '5d41402abc4b2a76b9719d911017c592',
    description: 'Made of the type, the error’s code, and its message without numbers, ids, URLs and quoted text.',
  })
  fingerprint: string;
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ example: 'http_status', description: '`error.code` of the newest of them.' })
  code: string;
  @ApiProperty({
    example: 'The server answered with status 503.',
    description: '`error.message` of the newest of them.',
  })
  message: string;
  @ApiProperty({ ...count, example: 412 })
  count: number;
  @ApiProperty(time)
  first_seen: string;
  @ApiProperty(time)
  last_seen: string;
  @ApiProperty({ ...taskId, description: 'The newest of them.' })
  sample_task_id: string;
  @ApiProperty({
    type: CanaryDto,
    nullable: true,
    description: 'The newest canary of this group, even if it has ended.',
  })
  canary: CanaryDto | null;
}

/** A group with a page of its tasks. */
export class FailedGroupWithTasksDto extends FailedGroupDto {
  @ApiProperty({ type: [TaskDto], description: 'Newest failure first.' })
  tasks: TaskDto[];
}

/** Body of `POST /admin/failed/{fingerprint}/retry`. */
export class RetryGroupDto {
  @ApiProperty({
    enum: retryModes,
    example: 'canary',
    description: '`canary`: the newest task alone, to be watched. `all`: the group, oldest failure first.',
  })
  @IsIn(retryModes, { message: `mode must be of: ${retryModes.join(', ')}` })
  mode: (typeof retryModes)[number];

  @ApiPropertyOptional({
    ...{ type: 'integer', minimum: 1, maximum: mostTasks, default: mostTasks },
    description: 'Most tasks of this call, with `all`; `remaining` tells how many are left.',
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(mostTasks)
  limit: number = mostTasks;

  @ApiPropertyOptional({ default: false, description: 'Even while a canary runs, or after it failed again.' })
  @IfGiven()
  @IsBoolean()
  force: boolean = false;
}

/** Body of `POST /admin/failed/{fingerprint}/discard`. */
export class DiscardGroupDto extends DiscardTaskDto {
  @ApiPropertyOptional({
    ...{ type: 'integer', minimum: 1, maximum: mostTasks, default: mostTasks },
    description: 'Most tasks of this call; `remaining` tells how many are left.',
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(mostTasks)
  limit: number = mostTasks;
}

/** What a call did with a group. */
export class GroupChangeDto {
  @ApiProperty({ ...count, example: 1, description: 'Tasks that were retried or discarded.' })
  changed: number;
  @ApiProperty({ ...count, example: 411, description: 'Failed tasks that are in the group now.' })
  remaining: number;
  @ApiProperty({ type: CanaryDto, nullable: true, description: 'The newest canary of this group.' })
  canary: CanaryDto | null;
}
