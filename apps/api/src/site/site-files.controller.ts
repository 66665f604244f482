import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '@longhaul/auth';
import { Problem } from '../problems/problem.js';
import { assets } from './assets.js';
import { answer } from './page-answer.js';
import { SiteErrorFilter } from './site-error.filter.js';
import { pageSize, SitePosts } from './site-posts.js';
import { SiteSettings } from './site-settings.js';
import { feed } from './views/feed.view.js';
import { sitemap, sitemapIndex } from './views/sitemap.view.js';

const xml = 'application/xml; charset=utf-8';
const forEver = 'public, max-age=31536000, immutable';

/** What programs read of the public site, and what its pages load; every other address below `/site` is a 404 page. */
@ApiExcludeController()
@Public()
@UseFilters(SiteErrorFilter)
@Controller()
export class SiteFilesController {
  constructor(
    private readonly site: SiteSettings,
    private readonly posts: SitePosts,
  ) {}

  @Get('site/feed.xml')
  async feed(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const { posts } = await this.posts.newest(pageSize);
    return answer(request, reply, 'application/rss+xml; charset=utf-8', feed(this.site, posts));
  }

  @Get('site/sitemap.xml')
  async sitemap(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const { address } = this.site;
    const files = await this.posts.sitemapFiles();
    const text = files === 1 ? sitemap(address, await this.posts.addresses(1)) : sitemapIndex(address, files);
    return answer(request, reply, xml, text);
  }

  @Get('site/sitemap/:file')
  async sitemapFile(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const number = Number(/^([1-9]\d{0,5})\.xml$/.exec(file)?.[1]);
    if (!(number <= (await this.posts.sitemapFiles()))) throw new Problem('not_found');
    return answer(request, reply, xml, sitemap(this.site.address, await this.posts.addresses(number)));
  }

  @Get('robots.txt')
  robots(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    const { address } = this.site;
    const text = [
      'User-agent: *',
      `Disallow: ${address.link('/')}`,
      `Allow: ${address.link('/site')}`,
      `Disallow: ${address.link(address.search)}`,
      '',
      `Sitemap: ${address.absolute(address.sitemap)}`,
      '',
    ].join('\n');
    return answer(request, reply, 'text/plain; charset=utf-8', text);
  }

  /** Style sheet and icon, under names that change with them. */
  @Get('site/:file')
  asset(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const asset = assets.get(file);
    if (asset === undefined) throw new Problem('not_found');
    void reply.header('cache-control', forEver).type(asset.type);
    return asset.body;
  }

  @Get('site/*')
  nowhere(): never {
    throw new Problem('not_found');
  }
}
