import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, Roles, type Principal } from '@longhaul/auth';
import { FailedJobs, type FailedPosition } from '@longhaul/jobs';
import { nextLink } from '../tasks/list-cursor.js';
import { presentTask } from '../tasks/present-task.js';
import { parseTime } from '../validation/rules.js';
import { cursorAfter, readFailedCursor } from './failed-cursor.js';
import { doneOrRefused, noSuchGroup } from './failed-problems.js';
import {
  DiscardGroupDto,
  FailedGroupQueryDto,
  FailedGroupsQueryDto,
  RetryGroupDto,
  type FailedGroupDto,
  type FailedGroupWithTasksDto,
  type GroupChangeDto,
} from './failed.dto.js';
import { FingerprintPipe } from './fingerprint.pipe.js';
import { presentGroup, presentGroupChange } from './present-failed.js';

const defaultLimit = 50;

/** Failed tasks by cause. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/failed')
export class FailedController {
  constructor(private readonly failed: FailedJobs) {}

  /** Groups of failed tasks with the same cause, newest failure first. */
  @Get()
  async findGroups(
    @Query() query: FailedGroupsQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FailedGroupDto[]> {
    const { task_type: kind, since, cursor, limit = defaultLimit } = query;
    const from = since === undefined ? null : parseTime(since);
    const groups = await this.failed.groups({
      ...(kind !== undefined && { kind }),
      ...(from !== null && { since: from }),
      ...(cursor !== undefined && { after: readFailedCursor(cursor, 'groups') }),
      limit: limit + 1,
    });
    return onePage(groups, limit, reply, '/admin/failed', query).map(presentGroup);
  }

  /** One group with its tasks, newest failure first. */
  @Get(':fingerprint')
  async findGroup(
    @Param('fingerprint', FingerprintPipe) fingerprint: string,
    @Query() query: FailedGroupQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FailedGroupWithTasksDto> {
    const { cursor, limit = defaultLimit } = query;
    const after = cursor === undefined ? undefined : readFailedCursor(cursor, 'tasks');
    const group = await this.failed.group(fingerprint);
    if (group === null) throw noSuchGroup();
    const jobs = await this.failed.inGroup(fingerprint, { ...(after && { after }), limit: limit + 1 });
    const page = onePage(jobs, limit, reply, `/admin/failed/${fingerprint}`, query);
    return { ...presentGroup(group), tasks: page.map((job) => presentTask(job)) };
  }

  /** Starts a canary of a group again, or the group, with a new budget of attempts each. */
  @Post(':fingerprint/retry')
  @HttpCode(202)
  async retry(
    @Param('fingerprint', FingerprintPipe) fingerprint: string,
    @Body() { mode, limit, force }: RetryGroupDto,
    @CurrentPrincipal() { subject: actor }: Principal,
  ): Promise<GroupChangeDto> {
    return presentGroupChange(doneOrRefused(await this.failed.retry(fingerprint, { mode, limit, force, actor })));
  }

  /** Notes that nothing more needs to be done about a group, and why; its tasks stay FAILED. */
  @Post(':fingerprint/discard')
  @HttpCode(200)
  async discard(
    @Param('fingerprint', FingerprintPipe) fingerprint: string,
    @Body() { reason, limit }: DiscardGroupDto,
    @CurrentPrincipal() { subject: actor }: Principal,
  ): Promise<GroupChangeDto> {
    return presentGroupChange(doneOrRefused(await this.failed.discard(fingerprint, { reason, limit, actor })));
  }
}

/** The first `limit` of the rows; when there are more, the reply links to the next page. */
function onePage<Row extends { readonly position: FailedPosition }>(
  rows: readonly Row[],
  limit: number,
  reply: FastifyReply,
  path: string,
  query: object,
): readonly Row[] {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length > limit && last) void reply.header('link', nextLink(path, query, cursorAfter(last.position)));
  return page;
}
