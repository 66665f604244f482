import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { ContentReader, diffVersions, type ContentVersionEntity } from '@longhaul/content';
import { UserNames } from '../users/user-names.js';
import { noSuchContent } from '../problems/problem.js';
import { cursorBefore } from '../tasks/list-cursor.js';
import { HistoryPageDto } from '../tasks/list-tasks.dto.js';
import { ContentAccess } from './content-access.js';
import { ContentIdPipe, VersionNumberPipe } from './content-id.pipe.js';
import { contentFilter, linkedPage, reviewCursor, reviewFilter } from './content-pages.js';
import { ItemReviewsQueryDto, ListContentDto } from './content-query.dto.js';
import type {
  ContentDto,
  ContentSummaryDto,
  ListedVersionDto,
  ReviewDto,
  VersionDiffDto,
  VersionDto,
} from './content.dto.js';
import { etagOfVersion } from './if-match.js';
import {
  presentContent,
  presentDiff,
  presentListedVersion,
  presentReview,
  presentSummary,
  presentVersion,
} from './present-content.js';

const defaultLimit = 1_000;

/** Content as those see it who write and review it. */
@ApiTags('content')
@Controller('content')
export class ContentController {
  constructor(
    private readonly access: ContentAccess,
    private readonly reader: ContentReader,
    private readonly names: UserNames,
  ) {}

  /** Own content, newest first; editors see everybody's. */
  @Get()
  async findMany(
    @Query() query: ListContentDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentSummaryDto[]> {
    const filter = contentFilter(principal, query);
    const found = await this.reader.list({ ...filter, limit: filter.limit + 1 });
    const cursorOf = ({ item }: (typeof found)[number]) => cursorBefore(item.id);
    return linkedPage(found, filter, reply, { path: '/content', query, cursorOf }).map(presentSummary);
  }

  /** One item with its newest version. */
  @Get(':id')
  async findOne(
    @Param('id', ContentIdPipe) id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    const shown = await this.access.readable(id, principal);
    if (shown.latest !== null) void reply.header('etag', etagOfVersion(shown.latest));
    return presentContent(shown);
  }

  /** Versions without their texts, oldest first. */
  @Get(':id/versions')
  async findVersions(
    @Param('id', ContentIdPipe) id: string,
    @Query() query: HistoryPageDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListedVersionDto[]> {
    await this.access.readable(id, principal);
    const { after = 0, limit = defaultLimit } = query;
    const versions = await this.reader.versions(id, { after, limit });
    const last = versions.at(-1);
    if (last !== undefined && versions.length === limit) {
      void reply.header('link', `</content/${id}/versions?after=${last.number}&limit=${limit}>; rel="next"`);
    }
    const names = await this.names.of(versions.map(({ authorId }) => authorId));
    return versions.map((version) => presentListedVersion(version, names));
  }

  /** One version with its text. */
  @Get(':id/versions/:number')
  async findVersion(
    @Param('id', ContentIdPipe) id: string,
    @Param('number', VersionNumberPipe) number: number,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VersionDto> {
    await this.access.readable(id, principal);
    const version = await this.version(id, number);
    void reply.header('etag', etagOfVersion(version));
    return presentVersion(version);
  }

  /** What differs between two versions: as a unified diff, and word by word. */
  @Get(':id/versions/:from/diff/:to')
  async compare(
    @Param('id', ContentIdPipe) id: string,
    @Param('from', VersionNumberPipe) from: number,
    @Param('to', VersionNumberPipe) to: number,
    @CurrentPrincipal() principal: Principal,
  ): Promise<VersionDiffDto> {
    await this.access.readable(id, principal);
    const [older, newer] = await Promise.all([this.version(id, from), this.version(id, to)]);
    return presentDiff(older, newer, diffVersions(older, newer));
  }

  /** The approval history of one item, newest decision first. */
  @Get(':id/reviews')
  async findReviews(
    @Param('id', ContentIdPipe) id: string,
    @Query() query: ItemReviewsQueryDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReviewDto[]> {
    await this.access.readable(id, principal);
    const filter = reviewFilter({ ...query, content_id: id });
    const found = await this.reader.reviews({ ...filter, limit: filter.limit + 1 });
    const next = { path: `/content/${id}/reviews`, query, cursorOf: ({ seq }: { seq: string }) => reviewCursor(seq) };
    const page = linkedPage(found, filter, reply, next);
    const names = await this.names.of(page.map(({ actorId }) => actorId));
    return page.map((review) => presentReview(review, names));
  }

  private async version(id: string, number: number): Promise<ContentVersionEntity> {
    const version = await this.reader.version(id, number);
    if (version === null) throw noSuchContent();
    return version;
  }
}
