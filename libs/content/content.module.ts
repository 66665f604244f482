import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ContentItemEntity } from './content-item.entity.js';
import { ContentReviewEntity } from './content-review.entity.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { ContentTasks } from './content-tasks.js';
import { ContentReader } from './content.reader.js';
import { ContentService } from './content.service.js';
import { ContentStore } from './content.store.js';
import { DecisionStore } from './decision.store.js';
import { SiteEpoch } from './site-epoch.js';

/** Entities of this lib, for the app's data source. */
export const contentEntities = [ContentItemEntity, ContentVersionEntity, ContentReviewEntity];

/** The api's side of content: reads, edits and decisions. Needs the api's JobsModule. */
@Module({
  imports: [TypeOrmModule.forFeature(contentEntities)],
  providers: [ContentReader, ContentService, ContentStore, ContentTasks, DecisionStore, SiteEpoch],
  exports: [ContentReader, ContentService, SiteEpoch],
})
export class ContentModule {}
