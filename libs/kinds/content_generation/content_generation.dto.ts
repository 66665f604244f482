import {
  contentFormats,
  contentLanguages,
  oneLineText,
  tagText,
  type ContentFormat,
  type ContentLanguage,
} from '@longhaul/content';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';

const isGiven = (_input: object, value: unknown) => value !== undefined;

/** What is written about, for whom, and from what. */
export class ContentGenerationInput {
  /**
   * What the text is about.
   * @example What a solar roof costs
   */
  @IsString()
  @MinLength(3)
  @MaxLength(200)
  @Matches(/^(?=[^\p{Cc}]*[\p{L}\p{N}])[^\p{Cc}]+$/u, {
    message: 'topic must be on one line, with a letter or a digit',
  })
  topic: string;

  /** What kind of text it is. */
  @ApiProperty({ enum: contentFormats })
  @IsIn(contentFormats)
  format: ContentFormat;

  /** The words under which it should be found. */
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(oneLineText, { message: 'primary_keyword must be text on one line' })
  primary_keyword?: string;

  /** Who reads it. */
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  target_audience?: string;

  /** How it is written: `factual`, `as a story`, … A wish that only models can grant. */
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  style?: string;

  /** How it sounds: `friendly`, `sober`, … A wish that only models can grant. */
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  tone?: string;

  /** How long it should be, in words. */
  @IsInt()
  @Min(200)
  @Max(5000)
  target_length: number = 800;

  /** Tags, 10 at most, of 50 characters each; none twice, whichever case it is in. */
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique((tag: unknown) => (typeof tag === 'string' ? tag.toLowerCase() : tag))
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(50, { each: true })
  @Matches(tagText, { each: true, message: 'tags must be text on one line, and more than dots' })
  tags: string[] = [];

  /**
   * What it rests on, 20 at most: URLs, whose pages are read, and texts of up to 100,000 characters. Without any, it
   * rests on what was published here, and on your own scrapes.
   */
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(100_000, { each: true })
  sources: string[] = [];

  /** The language of the text, for search and measurement; `simple` is any that is not in the list. */
  @ApiProperty({ enum: contentLanguages, default: 'english' })
  @IsIn(contentLanguages)
  language: ContentLanguage = 'english';

  /** A text whose quality, 0 to 100, is lower than this is refined. */
  @IsInt()
  @Min(0)
  @Max(100)
  quality_threshold: number = 70;

  /** How often it is refined at most. */
  @IsInt()
  @Min(0)
  @Max(10)
  max_refinements: number = 3;
}
