import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BreakersModule, HttpModule } from '@longhaul/http';
import { ContentItemEntity } from './content-item.entity.js';
import { DraftReader } from './draft.reader.js';
import { DraftStore } from './draft.store.js';
import { Generators } from './generators/generators.js';
import { ContentPipelines } from './pipeline/content-pipelines.js';
import { Judge } from './pipeline/judge.js';
import { Stages } from './pipeline/stages.js';
import { ArchiveReader } from './research/archive.reader.js';
import { Researcher } from './research/researcher.js';
import { LexiconReader } from './text/lexicon.reader.js';

/** The worker's side of content: what writes drafts. */
@Module({
  imports: [TypeOrmModule.forFeature([ContentItemEntity]), HttpModule, BreakersModule],
  providers: [
    DraftStore,
    DraftReader,
    ArchiveReader,
    LexiconReader,
    Researcher,
    Generators,
    Judge,
    Stages,
    ContentPipelines,
  ],
  exports: [ContentPipelines],
})
export class ContentWorkerModule {}
