import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminActions, Roles } from '@longhaul/auth';
import { UserNames } from '../users/user-names.js';
import { nextLink } from '../tasks/list-cursor.js';
import { cursorBehind, placeOfCursor } from './name-cursor.js';
import { AdminActionDto, ListActionsDto } from './users.dto.js';

const defaultLimit = 50;

/** The audit trail of what admins did to users and task types. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/actions')
export class ActionsController {
  constructor(
    private readonly actions: AdminActions,
    private readonly names: UserNames,
  ) {}

  /** What admins did to users and task types, newest first. Tasks and content have histories of their own. */
  @Get()
  async findMany(
    @Query() { cursor, limit = defaultLimit }: ListActionsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdminActionDto[]> {
    const before = cursor === undefined ? undefined : Number(placeOfCursor('action', cursor));
    const found = await this.actions.page(limit + 1, before);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last !== undefined) {
      void reply.header('link', nextLink('/admin/actions', { limit }, cursorBehind('action', String(last.id))));
    }
    const names = await this.names.of(page.map(({ actor }) => actor));
    return page.map(({ at, data, ...action }) => ({
      ...action,
      at: at.toISOString(),
      actor_name: names.get(action.actor) ?? null,
      data: { ...data },
    }));
  }
}
