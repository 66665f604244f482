import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, Roles, type Principal } from '@longhaul/auth';
import { ContentReader } from '@longhaul/content';
import { UserNames } from '../users/user-names.js';
import { identityOf } from '../http/request-identity.js';
import { presentProblem } from '../problems/present-problem.js';
import type { ProblemDto } from '../problems/problem.dto.js';
import { Problem } from '../problems/problem.js';
import { refTo } from '../openapi/json-schema.js';
import { BulkDecisions, maxBulkItems } from './bulk-decisions.js';
import { BulkDecisionDto } from './content-changes.dto.js';
import { linkedPage, reviewCursor, reviewFilter } from './content-pages.js';
import { ExportReviewsDto, ReviewsQueryDto } from './content-query.dto.js';
import type { ContentSummaryDto, ReviewDto } from './content.dto.js';
import { presentReview } from './present-content.js';
import { exportOf, headText } from './review-export.js';

/** Items are refused one by one, so anything may stand in the array. */
const bulkBody = {
  type: 'array',
  minItems: 1,
  maxItems: maxBulkItems,
  items: { anyOf: [refTo('BulkDecisionDto'), {}] },
  example: [
    {
      content_id: '01980000-0000-7000-8000-000000000000',
      etag: '"3-9f86d081884c7d65-AWAITING_APPROVAL"',
      decision: 'approve',
      publish: true,
    },
  ],
};

/** The approval history of all content. */
@ApiTags('content')
@Roles('editor')
@Controller('reviews')
export class ReviewsController {
  constructor(
    private readonly reader: ContentReader,
    private readonly bulk: BulkDecisions,
    private readonly names: UserNames,
  ) {}

  /** Who decided what, when and why: the audit view, newest decision first. */
  @Get()
  async findMany(
    @Query() query: ReviewsQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReviewDto[]> {
    const filter = reviewFilter(query);
    const found = await this.reader.reviews({ ...filter, limit: filter.limit + 1 });
    const next = { path: '/reviews', query, cursorOf: ({ seq }: { seq: string }) => reviewCursor(seq) };
    const page = linkedPage(found, filter, reply, next);
    const names = await this.names.of(page.map(({ actorId }) => actorId));
    return page.map((review) => presentReview(review, names));
  }

  /** The whole history, oldest first, with its head in a header and in the last line. */
  @Roles('admin')
  @Get('export')
  async export(
    @Query() { format }: ExportReviewsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const head = await this.reader.chainHead();
    const { stream, type } = exportOf(format, this.reader.chain(head), head);
    void reply.header('review-chain-head', headText(head));
    return new StreamableFile(stream, { type, disposition: `attachment; filename="reviews.${format}"` });
  }

  /** Takes up to 100 decisions, each by itself; the answers are in the order of the items. */
  @Post('bulk')
  @HttpCode(200)
  @ApiBody({ schema: bulkBody })
  @ApiExtraModels(BulkDecisionDto)
  async decide(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
  ): Promise<(ContentSummaryDto | ProblemDto)[]> {
    const answers = await this.bulk.take(body, { principal, traceparent: identityOf(request.raw).traceparent });
    return answers.map((answer) => (answer instanceof Problem ? presentProblem(answer, request.raw) : answer));
  }
}
