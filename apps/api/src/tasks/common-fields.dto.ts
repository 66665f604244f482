import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsObject, Max, Min } from 'class-validator';
import { IfGiven, IsTime } from '../validation/rules.js';

/** Fields that a submit of every task type takes; all may be left out. */
export class CommonFieldsDto {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Yours to use; returned as it is.' })
  @IfGiven()
  @IsObject()
  metadata?: Record<string, unknown>;

  @ApiPropertyOptional({ type: 'integer', minimum: -100, maximum: 100, default: 0, description: 'Higher goes first.' })
  @IfGiven()
  @IsInt()
  @Min(-100)
  @Max(100)
  priority?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 86_400, description: 'Longest time of one attempt.' })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(86_400)
  timeout_seconds?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 20 })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(20)
  max_attempts?: number;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Not before this time, at most 366 days ahead; a time that has passed means now.',
  })
  @IfGiven()
  @IsTime()
  run_at?: string;
}

/** Names of {@link CommonFieldsDto}: no kind may have an input field of the same name. */
export const commonFieldNames = ['metadata', 'priority', 'timeout_seconds', 'max_attempts', 'run_at'] as const;
