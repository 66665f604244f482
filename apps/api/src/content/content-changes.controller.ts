import { Body, Controller, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { ContentService, type Change } from '@longhaul/content';
import { identityOf } from '../http/request-identity.js';
import { ContentAccess } from './content-access.js';
import { ApproveDto, DecisionDto, EditContentDto, RejectDto, RollbackDto } from './content-changes.dto.js';
import { ContentIdPipe } from './content-id.pipe.js';
import { doneOrRefused } from './content-refusals.js';
import type { ContentDto, RejectedContentDto } from './content.dto.js';
import { etagOfVersion, seenVersion } from './if-match.js';
import { presentContent } from './present-content.js';

/** Changes of content. Each names by If-Match the version that it is about; who does it is who the token says. */
@ApiTags('content')
@Controller('content/:id')
export class ContentChangesController {
  constructor(
    private readonly access: ContentAccess,
    private readonly content: ContentService,
  ) {}

  /** Makes a version out of the newest one; it awaits approval, also when nothing is changed. */
  @Patch()
  async edit(
    @Param('id', ContentIdPipe) id: string,
    @Body() { title, body, seo, tags, reason }: EditContentDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    const edit = {
      ...(title !== undefined && { title }),
      ...(body !== undefined && { body }),
      ...(seo !== undefined && { seo }),
      ...(tags !== undefined && { tags }),
    };
    await this.access.editable(id, principal);
    doneOrRefused(await this.content.edit(changeOf(id, ifMatch, principal, reply), { ...edit, reason }));
    return this.current(id, principal, reply);
  }

  /** Makes a version with the text of an older one; it awaits approval. */
  @Post('rollback')
  @HttpCode(200)
  async rollback(
    @Param('id', ContentIdPipe) id: string,
    @Body() { version, reason }: RollbackDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    await this.access.editable(id, principal);
    doneOrRefused(await this.content.rollback(changeOf(id, ifMatch, principal, reply), { version, reason }));
    return this.current(id, principal, reply);
  }

  /** Approves the newest version, which must await approval, and with `publish` publishes it at once. */
  @Post('approve')
  @HttpCode(200)
  async approve(
    @Param('id', ContentIdPipe) id: string,
    @Body() { feedback, publish }: ApproveDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    await this.access.reviewable(id, principal);
    doneOrRefused(await this.content.approve(changeOf(id, ifMatch, principal, reply), { feedback, publish }));
    return this.current(id, principal, reply);
  }

  /** Rejects the newest version, which must await approval, and starts a task that revises it. */
  @Post('reject')
  @HttpCode(200)
  async reject(
    @Param('id', ContentIdPipe) id: string,
    @Body() { reason, feedback, revise }: RejectDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RejectedContentDto> {
    await this.access.reviewable(id, principal);
    const answer = await this.content.reject(changeOf(id, ifMatch, principal, reply), { reason, feedback, revise });
    const { revisionId } = doneOrRefused(answer);
    return { ...(await this.current(id, principal, reply)), revision_task_id: revisionId };
  }

  /** Publishes the newest version, which must be approved; an older one that is public gives way to it. */
  @Post('publish')
  @HttpCode(200)
  async publish(
    @Param('id', ContentIdPipe) id: string,
    @Body() { feedback }: DecisionDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    await this.access.reviewable(id, principal);
    doneOrRefused(await this.content.publish(changeOf(id, ifMatch, principal, reply), { feedback }));
    return this.current(id, principal, reply);
  }

  /** Takes the published version off the site; If-Match names that one or the newest. */
  @Post('unpublish')
  @HttpCode(200)
  async unpublish(
    @Param('id', ContentIdPipe) id: string,
    @Body() { feedback }: DecisionDto,
    @CurrentPrincipal() principal: Principal,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ContentDto> {
    await this.access.reviewable(id, principal);
    doneOrRefused(await this.content.unpublish(changeOf(id, ifMatch, principal, reply), { feedback }));
    return this.current(id, principal, reply);
  }

  private async current(id: string, principal: Principal, reply: FastifyReply): Promise<ContentDto> {
    const shown = await this.access.readable(id, principal);
    if (shown.latest !== null) void reply.header('etag', etagOfVersion(shown.latest));
    return presentContent(shown);
  }
}

function changeOf(
  itemId: string,
  ifMatch: string | undefined,
  { subject: actorId }: Principal,
  { request }: FastifyReply,
): Change {
  return { itemId, actorId, seen: seenVersion(ifMatch), traceparent: identityOf(request.raw).traceparent };
}
