import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '@longhaul/auth';
import { Problem } from '../problems/problem.js';
import { answerPage } from './page-answer.js';
import { postPosition, searchPosition } from './post-cursor.js';
import { SiteErrorFilter } from './site-error.filter.js';
import { pageSize, SitePosts } from './site-posts.js';
import { SiteSettings } from './site-settings.js';
import { frontPage } from './views/front.view.js';
import { postPage } from './views/post.view.js';
import { searchPage } from './views/search.view.js';
import { tagPage } from './views/tag.view.js';

const resultsOfPage = 10;
const relatedPosts = 3;
const longestSearch = 200;

/**
 * The pages of the public site. Parameters that it does not know are none of its business: links that are passed on
 * collect some.
 */
@ApiExcludeController()
@Public()
@UseFilters(SiteErrorFilter)
@Controller('site')
export class SiteController {
  constructor(
    private readonly site: SiteSettings,
    private readonly posts: SitePosts,
  ) {}

  @Get()
  async front(
    @Query('after') after: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const position = found(() => postPosition(given(after)));
    const [page, tags] = await Promise.all([this.posts.newest(pageSize, position), this.posts.tags()]);
    return answerPage(request, reply, frontPage(this.site, page, tags, position === undefined));
  }

  @Get('posts/:slug')
  async post(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const post = await this.posts.post(slug);
    if (post === null) throw new Problem('not_found');
    const [topic] = post.tags;
    const [body, sameTopic] = await Promise.all([
      this.posts.rendered(post),
      topic === undefined ? null : this.posts.tagged(topic, pageSize),
    ]);
    const related = (sameTopic?.posts ?? []).filter((other) => other.slug !== post.slug).slice(0, relatedPosts);
    return answerPage(request, reply, postPage(this.site, post, body, related));
  }

  @Get('tags/:tag')
  async tag(
    @Param('tag') tag: string,
    @Query('after') after: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const position = found(() => postPosition(given(after)));
    const page = await this.posts.tagged(tag, pageSize, position);
    if (page === null) throw new Problem('not_found');
    const topic = await this.posts.spelling(tag);
    return answerPage(request, reply, tagPage(this.site, topic, page, position === undefined));
  }

  @Get('search')
  async search(
    @Query('q') q: unknown,
    @Query('after') after: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const typed = tidy(given(q) ?? '');
    const position = found(() => searchPosition(given(after)));
    const [page, tags] = await Promise.all([
      this.posts.search(typed, resultsOfPage, position),
      typed === '' ? this.posts.tags() : [],
    ]);
    return answerPage(request, reply, searchPage(this.site, typed, page, tags));
  }
}

/** A parameter that is given once. */
function given(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** One space between words, nothing that cannot be seen, and no more than anybody types. */
function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestSearch);
}

/** There is no page behind a cursor that we did not give out. */
function found<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Problem('not_found');
  }
}
