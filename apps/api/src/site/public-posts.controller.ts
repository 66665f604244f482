import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '@longhaul/auth';
import type { PostPosition, SearchPosition } from '@longhaul/content';
import { Problem } from '../problems/problem.js';
import { nextLink } from '../tasks/list-cursor.js';
import { answer } from './page-answer.js';
import { cursorOf, postPosition, searchPosition } from './post-cursor.js';
import { presentFound, presentPost, presentSummary } from './present-post.js';
import { ListPostsDto, PostDto, PostSummaryDto, SearchPostsDto, SearchResultsDto } from './public-posts.dto.js';
import { pageSize, SitePosts } from './site-posts.js';
import { SiteSettings } from './site-settings.js';

const resultsOfPage = 10;

/** What is public, as JSON; no token is needed. */
@ApiTags('public')
@Public()
@Controller('public')
export class PublicPostsController {
  constructor(
    private readonly site: SiteSettings,
    private readonly posts: SitePosts,
  ) {}

  /** Published posts, by their first publication, the newest first. */
  @Get('posts')
  async findMany(
    @Query() query: ListPostsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PostSummaryDto[] | undefined> {
    const { tag, limit = pageSize, cursor } = query;
    const after = postPosition(cursor);
    const page = tag === undefined ? await this.posts.newest(limit, after) : await this.posts.tagged(tag, limit, after);
    const posts = page?.posts.map((post) => presentSummary(this.site.address, post)) ?? [];
    return this.answer(request, reply, posts, linkTo('/public/posts', query, page?.next));
  }

  /** One published post. */
  @Get('posts/:slug')
  async findOne(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PostDto | undefined> {
    const post = await this.posts.post(slug);
    if (post === null) throw new Problem('not_found', 'There is no such post.');
    return this.answer(request, reply, presentPost(this.site.address, post, await this.posts.rendered(post)));
  }

  /** Full-text search over published posts, the best results first. */
  @Get('search')
  async search(
    @Query() query: SearchPostsDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SearchResultsDto | undefined> {
    const { q, limit = resultsOfPage, cursor } = query;
    const { posts, corrected, next } = await this.posts.search(q, limit, searchPosition(cursor));
    const results = {
      corrected_query: corrected,
      posts: posts.map((post) => presentFound(this.site.address, post)),
    };
    return this.answer(request, reply, results, linkTo('/public/search', { ...query, q: corrected ?? q }, next));
  }

  private answer<T extends object>(
    request: FastifyRequest,
    reply: FastifyReply,
    body: T,
    link?: string,
  ): T | undefined {
    if (link !== undefined) void reply.header('link', link);
    return answer(request, reply, 'application/json; charset=utf-8', body, JSON.stringify(body) + (link ?? ''));
  }
}

function linkTo(
  path: string,
  query: object,
  next: PostPosition | SearchPosition | null | undefined,
): string | undefined {
  return next ? nextLink(path, query, cursorOf(next)) : undefined;
}
