import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import { contentFormats, type ContentFormat } from '@longhaul/content';
import { FromDigits, IfGiven } from '../validation/rules.js';

/** Query of `GET /public/posts`. */
export class ListPostsDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, description: 'Posts with this tag.' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  tag?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;

  @ApiPropertyOptional({ maxLength: 200, description: 'From the Link header of the page before.' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  cursor?: string;
}

/** Query of `GET /public/search`. */
export class SearchPostsDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 200,
    example: 'kubernetes autoscaling',
    description: 'As in search engines: words, `"a phrase"`, `or`, `-without`. The last word may be half typed.',
  })
  @IsString()
  @Length(1, 200)
  q: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 50, default: 10 })
  @IfGiven()
  @FromDigits()
  @IsInt()
  @Min(1)
  @Max(50)
  limit?: number;

  @ApiPropertyOptional({ maxLength: 200, description: 'From the Link header of the page before.' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  cursor?: string;
}

/** What a list says of a post. */
export class PostSummaryDto {
  @ApiProperty({ example: 'why-queues-grow', description: 'Its part of the address.' })
  slug: string;
  @ApiProperty()
  title: string;
  @ApiProperty()
  description: string;
  @ApiProperty({ type: [String] })
  tags: string[];
  @ApiProperty({ type: String, nullable: true, example: 'en', description: 'BCP 47; null: not known.' })
  language: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' })
  first_published_at: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'Of the version that is shown.' })
  published_at: string;
  @ApiProperty({ type: 'string', format: 'uri', description: 'Of the page for people.' })
  url: string;
}

/** What a post cites. */
export class PostSourceDto {
  @ApiProperty()
  title: string;
  @ApiProperty({ type: String, nullable: true })
  url: string | null;
}

/** A whole post. */
export class PostDto extends PostSummaryDto {
  @ApiProperty({ type: [String] })
  keywords: string[];
  @ApiProperty({ enum: contentFormats })
  format: ContentFormat;
  @ApiProperty({ description: 'Markdown, as it was approved.' })
  body: string;
  @ApiProperty({ description: 'The body as sanitised HTML.' })
  body_html: string;
  @ApiProperty({ type: [PostSourceDto] })
  sources: PostSourceDto[];
}

/** A piece of a snippet. */
export class SnippetPartDto {
  @ApiProperty({ description: 'Plain text.' })
  text: string;
  @ApiProperty({ description: 'Whether it is what was looked for.' })
  match: boolean;
}

/** A result of a search. */
export class FoundPostDto extends PostSummaryDto {
  @ApiProperty({ type: [SnippetPartDto] })
  snippet: SnippetPartDto[];
}

/** Results of a search, the best first. */
export class SearchResultsDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What was looked for instead, since no post has the words as they were typed.',
  })
  corrected_query: string | null;
  @ApiProperty({ type: [FoundPostDto] })
  posts: FoundPostDto[];
}
