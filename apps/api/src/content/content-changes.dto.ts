import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { oneLineText, tagText } from '@longhaul/content';
import { IfGiven, MaxBytes } from '../validation/rules.js';

/** Longest text of a version, in bytes of UTF-8. */
const bodyBytes = 200_000;

const somethingIn = (field: string) => Matches(/\S/, { message: `${field} must say something` });
const oneLine = (field: string, each = false) =>
  Matches(oneLineText, { each, message: `${field} must be text on one line` });
const reasonRules = { minLength: 10, maxLength: 1_000, pattern: '\\S' } as const;

/** What search engines and link previews show; what is left out is taken over. */
export class EditSeoDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 60, example: 'Why tides differ' })
  @IfGiven()
  @IsString()
  @Length(1, 60)
  @oneLine('title')
  title?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 160,
    example: 'What the moon, the coast and the weather do to the sea.',
  })
  @IfGiven()
  @IsString()
  @Length(1, 160)
  @oneLine('description')
  description?: string;

  @ApiPropertyOptional({
    ...{ type: 'array', maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 60 } },
    example: ['tides', 'moon'],
  } as object)
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  @oneLine('keywords', true)
  keywords?: string[];
}

/** Body of `PATCH /content/{id}`: what is left out is taken over from the newest version. */
export class EditContentDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200, example: 'Why tides differ from place to place' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  @oneLine('title')
  title?: string;

  @ApiPropertyOptional({
    ...{ minLength: 1, maxLength: bodyBytes, pattern: '\\S', example: '# Tides\n\nThe moon pulls.' },
    description: 'Markdown, at most 200,000 bytes in UTF-8.',
  })
  @IfGiven()
  @IsString()
  @MaxBytes(bodyBytes)
  @somethingIn('body')
  body?: string;

  @ApiPropertyOptional({
    type: EditSeoDto,
    description: 'A title and a description that were derived from the text are derived anew when they are left out.',
  })
  @IfGiven()
  @IsDefined()
  @ValidateNested()
  @Type(() => EditSeoDto)
  seo?: EditSeoDto;

  @ApiPropertyOptional({
    ...{ type: 'array', maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 50 } },
    ...{ description: 'Of the item; none twice, whichever case it is in.', example: ['sea'] },
  } as object)
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique((tag: unknown) => (typeof tag === 'string' ? tag.toLowerCase() : tag))
  @IsString({ each: true })
  @Length(1, 50, { each: true })
  @Matches(tagText, { each: true, message: 'tags must be text on one line, and more than dots' })
  tags?: string[];

  @ApiPropertyOptional({
    ...{ minLength: 1, maxLength: 1_000, pattern: '\\S', example: 'The old title said nothing.' },
    description: 'Why; kept with the version.',
  })
  @IfGiven()
  @IsString()
  @Length(1, 1_000)
  @somethingIn('reason')
  reason?: string;
}

/** Body of `POST /content/{id}/rollback`. */
export class RollbackDto {
  @ApiProperty({
    ...{ type: 'integer', minimum: 1, maximum: 999_999_999, example: 1 },
    description: 'The version to bring back.',
  })
  @IsInt()
  @Min(1)
  @Max(999_999_999)
  version: number;

  @ApiProperty({ ...reasonRules, example: 'The second version left out the sources.' })
  @IsString()
  @Length(10, 1_000)
  @somethingIn('reason')
  reason: string;
}

/** Body of `POST /content/{id}/publish` and `…/unpublish`. */
export class DecisionDto {
  @ApiPropertyOptional({
    ...{ minLength: 1, maxLength: 2_000, pattern: '\\S', example: 'Well sourced.' },
    description: 'Kept in the approval history.',
  })
  @IfGiven()
  @IsString()
  @Length(1, 2_000)
  @somethingIn('feedback')
  feedback?: string;
}

/** Body of `POST /content/{id}/approve`. */
export class ApproveDto extends DecisionDto {
  @ApiPropertyOptional({ default: false, description: 'Publish it at once.' })
  @IfGiven()
  @IsBoolean()
  publish: boolean = false;
}

/** Body of `POST /content/{id}/reject`. */
export class RejectDto extends DecisionDto {
  @ApiProperty({
    ...reasonRules,
    example: 'The second paragraph has no source.',
    description: 'Why; drives the revision.',
  })
  @IsString()
  @Length(10, 1_000)
  @somethingIn('reason')
  reason: string;

  @ApiPropertyOptional({ default: true, description: 'Start a task that writes a new version by the reason.' })
  @IfGiven()
  @IsBoolean()
  revise: boolean = true;
}

export const bulkDecisions = ['approve', 'reject', 'publish', 'unpublish'] as const;

/** An item of `POST /reviews/bulk`: a decision, with the fields that the call for one item takes. */
export class BulkDecisionDto extends DecisionDto {
  @ApiProperty({ enum: bulkDecisions })
  @IsIn(bulkDecisions, { message: `decision must be of: ${bulkDecisions.join(', ')}` })
  decision: (typeof bulkDecisions)[number];

  @ApiProperty({ type: 'string', format: 'uuid' })
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'content_id must be a UUID' })
  content_id: string;

  @ApiProperty({
    ...{ minLength: 1, maxLength: 120, example: '"3-9f86d081884c7d65-AWAITING_APPROVAL"' },
    description: 'Of the version, as for If-Match.',
  })
  @IsString()
  @Length(1, 120)
  etag: string;

  @ApiPropertyOptional({ ...reasonRules, description: 'For `reject`, which needs it.' })
  @IfGiven()
  @IsString()
  @Length(10, 1_000)
  @somethingIn('reason')
  reason?: string;

  @ApiPropertyOptional({ description: 'For `approve`.' })
  @IfGiven()
  @IsBoolean()
  publish?: boolean;

  @ApiPropertyOptional({ description: 'For `reject`.' })
  @IfGiven()
  @IsBoolean()
  revise?: boolean;
}
