import {
  contentFormats,
  contentStates,
  decisions,
  type ContentFormat,
  type ContentState,
  type Decision,
} from '@longhaul/content';
import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { ListTasksDto } from '../tasks/list-tasks.dto.js';
import { FromList, IfGiven, IsTime } from '../validation/rules.js';

const commaSeparated = { isArray: true, style: 'form', explode: false, description: 'Comma-separated.' } as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Query of `GET /content`. */
export class ListContentDto extends PickType(ListTasksDto, ['limit', 'cursor'] as const) {
  @ApiPropertyOptional({ enum: contentStates, ...commaSeparated, description: 'Of the newest version.' })
  @IfGiven()
  @FromList()
  @IsIn(contentStates, { each: true, message: `state must be of: ${contentStates.join(', ')}` })
  state?: ContentState[];

  @ApiPropertyOptional({ enum: contentFormats, ...commaSeparated })
  @IfGiven()
  @FromList()
  @IsIn(contentFormats, { each: true, message: `format must be of: ${contentFormats.join(', ')}` })
  format?: ContentFormat[];

  @ApiPropertyOptional({ minLength: 1, maxLength: 50 })
  @IfGiven()
  @IsString()
  @Length(1, 50)
  tag?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 255, description: 'Whose content; for editors.' })
  @IfGiven()
  @IsString()
  @Length(1, 255)
  owner_id?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 200, description: 'Text in the id’s beginning, topic or title.' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  q?: string;
}

/** Query of `GET /content/{id}/reviews`. */
export class ItemReviewsQueryDto extends PickType(ListTasksDto, ['limit', 'cursor'] as const) {}

/** Query of `GET /reviews`. */
export class ReviewsQueryDto extends ItemReviewsQueryDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 255, description: 'Who decided.' })
  @IfGiven()
  @IsString()
  @Length(1, 255)
  actor_id?: string;

  @ApiPropertyOptional({ enum: decisions, ...commaSeparated })
  @IfGiven()
  @FromList()
  @IsIn(decisions, { each: true, message: `decision must be of: ${decisions.join(', ')}` })
  decision?: Decision[];

  @ApiPropertyOptional({ type: 'string', format: 'uuid' })
  @IfGiven()
  @Matches(uuid, { message: 'content_id must be a UUID' })
  content_id?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time' })
  @IfGiven()
  @IsTime()
  from?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'Before this time.' })
  @IfGiven()
  @IsTime()
  to?: string;
}

export const exportFormats = ['ndjson', 'csv'] as const;

/** Query of `GET /reviews/export`. */
export class ExportReviewsDto {
  @ApiPropertyOptional({ enum: exportFormats, default: 'ndjson' })
  @IfGiven()
  @IsIn(exportFormats, { message: `format must be of: ${exportFormats.join(', ')}` })
  format: (typeof exportFormats)[number] = 'ndjson';
}
