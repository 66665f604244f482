import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { IfGiven } from '../validation/rules.js';

/** Body of `POST /admin/kinds/{task_type}/pause`. */
export class PauseKindDto {
  @ApiPropertyOptional({
    ...{ minLength: 3, maxLength: 1_000, pattern: '\\S', example: 'The supplier is down until noon.' },
    description: 'Why; kept in the audit trail.',
  })
  @IfGiven()
  @IsString()
  @Length(3, 1_000)
  @Matches(/\S/, { message: 'reason must say something' })
  reason?: string;
}

/** Whether tasks of a type start. */
export class KindStateDto {
  @ApiProperty({ example: 'web_scrape' })
  task_type: string;
  @ApiProperty({ description: 'Whether its tasks are accepted but do not start.' })
  paused: boolean;
  @ApiProperty({ type: 'string', nullable: true, description: 'Id of who paused it.' })
  paused_by: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Their user name, of the built-in issuer.' })
  paused_by_name: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  paused_at: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why, if it was said.' })
  reason: string | null;
}
