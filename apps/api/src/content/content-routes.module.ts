import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { ContentModule } from '@longhaul/content';
import { UserNamesModule } from '../users/user-names.module.js';
import { BulkDecisions } from './bulk-decisions.js';
import { ContentAccess } from './content-access.js';
import { ContentChangesController } from './content-changes.controller.js';
import { ContentController } from './content.controller.js';
import { ReviewsController } from './reviews.controller.js';

/** `/content` and `/reviews`. */
@Module({
  imports: [AuthModule, ContentModule, UserNamesModule],
  controllers: [ContentController, ContentChangesController, ReviewsController],
  providers: [BulkDecisions, ContentAccess],
})
export class ContentRoutesModule {}
