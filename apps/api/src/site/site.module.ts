import { Module } from '@nestjs/common';
import { ContentModule, PostReader, PostSearch } from '@longhaul/content';
import { PublicPostsController } from './public-posts.controller.js';
import { SiteController } from './site.controller.js';
import { SiteErrorFilter } from './site-error.filter.js';
import { SiteFilesController } from './site-files.controller.js';
import { SitePosts } from './site-posts.js';
import { SiteSettings } from './site-settings.js';

/** `/site` and `/public`: what everybody may read. */
@Module({
  imports: [ContentModule],
  controllers: [SiteController, SiteFilesController, PublicPostsController],
  providers: [PostReader, PostSearch, SitePosts, SiteSettings, SiteErrorFilter],
})
export class SiteModule {}
