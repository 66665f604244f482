import { ApiProperty } from '@nestjs/swagger';

const anyObject = { type: 'object', additionalProperties: true } as const;

/** Values of common fields that are left out. */
export class TaskDefaultsDto {
  @ApiProperty({ type: 'integer' })
  priority: number;
  @ApiProperty({ type: 'integer' })
  timeout_seconds: number;
  @ApiProperty({ type: 'integer' })
  max_attempts: number;
}

/** Bounds that hold for every task of the type. */
export class TaskLimitsDto {
  @ApiProperty({ type: 'integer', description: 'Of a submit body, in bytes.' })
  max_body_bytes: number;
  @ApiProperty({ type: 'integer', description: 'Of a result, as JSON, in bytes.' })
  max_result_bytes: number;
  @ApiProperty({ type: 'integer', description: 'Unfinished tasks of one owner.' })
  max_unfinished_tasks: number;
  @ApiProperty({ type: 'integer', description: 'Items of one batch.' })
  max_batch_items: number;
}

/** One type of task. */
export class TaskTypeDto {
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  title: string;
  description: string;
  @ApiProperty({ ...anyObject, description: 'JSON Schema of the whole submit body.' })
  input_schema: Record<string, unknown>;
  @ApiProperty({ ...anyObject, description: 'A submit body that works as it stands.' })
  example: Record<string, unknown>;
  @ApiProperty({ description: 'Whether its tasks are accepted but do not start, until an admin resumes it.' })
  paused: boolean;
  defaults: TaskDefaultsDto;
  limits: TaskLimitsDto;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Codes of `error.code`, with their meaning.',
  })
  error_codes: Record<string, string>;
}
