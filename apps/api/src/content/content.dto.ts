import {
  contentFormats,
  contentStates,
  decisions,
  qualityCriteria,
  versionOrigins,
  type ContentFormat,
  type ContentState,
  type Decision,
  type QualityCriterion,
  type VersionOrigin,
} from '@longhaul/content';
import { ApiProperty } from '@nestjs/swagger';

const time = { type: 'string', format: 'date-time' } as const;
const id = { type: 'string', format: 'uuid' } as const;
const versionNumber = { type: 'integer', minimum: 1 } as const;
const maybeNumber = { ...versionNumber, nullable: true } as const;
const maybeText = { type: 'string', nullable: true } as const;
const hash = { pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal.' } as const;
const score = { type: 'number', minimum: 0, maximum: 100 } as const;

/** What search engines and link previews show. */
export class SeoDto {
  title: string;
  description: string;
  keywords: string[];
}

/** Something that a text rests on; the body cites it as `[n]`, by its place in the list. */
export class SourceDto {
  title: string;
  @ApiProperty(maybeText)
  url: string | null;
}

/** One of the criteria of a text's quality. */
export class QualityCriterionDto {
  @ApiProperty({ enum: qualityCriteria })
  name: QualityCriterion;
  @ApiProperty(score)
  score: number;
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1, description: 'Share of the whole.' })
  weight: number;
  reason: string;
}

/** A verdict on a version's text. */
export class QualityDto {
  @ApiProperty(score)
  score: number;
  @ApiProperty({ type: [QualityCriterionDto] })
  criteria: QualityCriterionDto[];
}

/** What wrote a version, and what that took. */
export class GeneratorUseDto {
  provider: string;
  @ApiProperty(maybeText)
  model: string | null;
  @ApiProperty({ type: 'integer', minimum: 0 })
  input_tokens: number;
  @ApiProperty({ type: 'integer', minimum: 0 })
  output_tokens: number;
  @ApiProperty({ type: 'number', nullable: true, description: 'US dollars, by the configured prices.' })
  cost: number | null;
}

/** A version without its text. */
export class VersionSummaryDto {
  @ApiProperty({ ...versionNumber, description: '1, 2, 3 … within its item.' })
  number: number;
  @ApiProperty({ enum: contentStates })
  state: ContentState;
  @ApiProperty({ enum: versionOrigins })
  origin: VersionOrigin;
  @ApiProperty({
    ...maybeNumber,
    description: 'What it was made from; of a rollback, the version that it brings back.',
  })
  parent: number | null;
  author_id: string;
  @ApiProperty({ ...id, nullable: true, description: 'The task that made it; null: a person.' })
  task_id: string | null;
  @ApiProperty({ ...maybeText, description: 'Why it was made.' })
  reason: string | null;
  title: string;
  @ApiProperty({ type: SeoDto, nullable: true })
  seo: SeoDto | null;
  tags: string[];
  @ApiProperty(hash)
  hash: string;
  @ApiProperty({ description: 'What If-Match takes.', example: '"3-9f86d081884c7d65-AWAITING_APPROVAL"' })
  etag: string;
  @ApiProperty({ type: QualityDto, nullable: true })
  quality: QualityDto | null;
  @ApiProperty({ type: GeneratorUseDto, nullable: true })
  generator: GeneratorUseDto | null;
  @ApiProperty(time)
  created_at: string;
}

/** A version. */
export class VersionDto extends VersionSummaryDto {
  @ApiProperty({ description: 'Markdown.' })
  body: string;
  @ApiProperty({ type: [SourceDto] })
  sources: SourceDto[];
}

/** Relative references. */
export class ContentLinksDto {
  self: string;
  versions: string;
  reviews: string;
  @ApiProperty({ description: 'The task that made it.' })
  task: string;
  @ApiProperty({ ...maybeText, description: 'The public page, while there is one.' })
  page: string | null;
}

/** An item of content, without the text of its newest version. */
export class ContentSummaryDto {
  @ApiProperty({ ...id, description: 'That of the task that made it.' })
  content_id: string;
  owner_id: string;
  topic: string;
  @ApiProperty({ enum: contentFormats })
  format: ContentFormat;
  @ApiProperty({ example: 'english' })
  language: string;
  @ApiProperty({ description: 'Of the newest version.' })
  tags: string[];
  @ApiProperty({ ...maybeText, description: 'In the address of the public page.' })
  slug: string | null;
  @ApiProperty({ ...maybeNumber, description: 'What the public site shows.' })
  published_version: number | null;
  @ApiProperty(time)
  created_at: string;
  @ApiProperty(time)
  updated_at: string;
  @ApiProperty({ type: VersionSummaryDto, nullable: true, description: 'The newest one; null before the first draft.' })
  version: VersionSummaryDto | null;
  links: ContentLinksDto;
}

/** An item of content with its newest version. */
export class ContentDto extends ContentSummaryDto {
  @ApiProperty({ type: VersionDto, nullable: true, description: 'The newest one; null before the first draft.' })
  declare version: VersionDto | null;
}

/** What a rejection led to. */
export class RejectedContentDto extends ContentDto {
  @ApiProperty({ ...id, nullable: true, description: 'The task that writes a new version; null with `revise: false`.' })
  revision_task_id: string | null;
}

/** A field that differs between two versions. */
export class FieldChangeDto {
  @ApiProperty({ enum: ['title', 'tags', 'seo.title', 'seo.description', 'seo.keywords'] })
  field: string;
  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
  })
  from: unknown;
  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
  })
  to: unknown;
}

const ops = ['equal', 'insert', 'delete'] as const;
const granularities = ['words', 'lines', 'whole'] as const;

/** A run of text that both bodies have, or only the one. */
export class TextRunDto {
  @ApiProperty({ enum: ops })
  op: (typeof ops)[number];
  text: string;
}

/** What differs between two versions. */
export class VersionDiffDto {
  @ApiProperty(versionNumber)
  from: number;
  @ApiProperty(versionNumber)
  to: number;
  @ApiProperty({ type: [FieldChangeDto], description: 'Title, tags and search metadata that are not the same.' })
  fields: FieldChangeDto[];
  @ApiProperty({ description: 'The bodies as a unified diff; empty when they are the same.' })
  unified: string;
  @ApiProperty({ type: [TextRunDto], description: 'The whole of both bodies.' })
  words: TextRunDto[];
  @ApiProperty({
    enum: granularities,
    description: 'What `words` was compared by: coarser for texts that have too little in common.',
  })
  granularity: (typeof granularities)[number];
}

/** A version in the list of its item's. */
export class ListedVersionDto extends VersionSummaryDto {
  @ApiProperty({ ...maybeText, description: 'How its author is called; null: not known here.' })
  author_name: string | null;
}

/** One decision on a version: a row of the approval history. */
export class ReviewDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: '1, 2, 3 … over all content.' })
  seq: number;
  @ApiProperty(id)
  content_id: string;
  @ApiProperty(versionNumber)
  version: number;
  @ApiProperty({ description: 'Of that version.' })
  title: string;
  @ApiProperty(hash)
  version_hash: string;
  @ApiProperty({ enum: decisions })
  decision: Decision;
  @ApiProperty({ description: 'Who decided: a user’s id.' })
  actor_id: string;
  @ApiProperty({ ...maybeText, description: 'How that user is called; null: not known here.' })
  actor_name: string | null;
  @ApiProperty({ ...maybeText, description: 'Why it was rejected.' })
  reason: string | null;
  @ApiProperty({ ...maybeText, description: 'What the reviewer said beside.' })
  feedback: string | null;
  @ApiProperty(time)
  at: string;
  @ApiProperty({ ...hash, description: 'Hash of the row before.' })
  previous_hash: string;
  @ApiProperty({ ...hash, description: 'Over all fields of the row but the title.' })
  hash: string;
}
