import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, Roles, UserAdministration, type ListedUser, type Principal } from '@longhaul/auth';
import { Problem } from '../problems/problem.js';
import { nextLink } from '../tasks/list-cursor.js';
import { LocalUsersGuard } from './local-users.guard.js';
import { cursorBehind, placeOfCursor } from './name-cursor.js';
import { noSuchUser, UserIdPipe } from './user-id.pipe.js';
import { ChangeUserDto, ListUsersDto, NewUserDto, UserDto, UserWithPasswordDto } from './users.dto.js';

const defaultLimit = 50;

/** Users of the built-in issuer. */
@ApiTags('admin')
@Roles('admin')
@UseGuards(LocalUsersGuard)
@Controller('admin/users')
export class UsersController {
  constructor(private readonly users: UserAdministration) {}

  /** Users by name. */
  @Get()
  async findMany(
    @Query() { q, cursor, limit = defaultLimit }: ListUsersDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto[]> {
    const after = cursor === undefined ? undefined : placeOfCursor('user', cursor);
    const found = await this.users.list({ q, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last !== undefined) {
      void reply.header('link', nextLink('/admin/users', { q, limit }, cursorBehind('user', last.username)));
    }
    return page.map(presentUser);
  }

  /** Makes a user, with a password that is shown only now. */
  @Post()
  @HttpCode(201)
  async create(@Body() user: NewUserDto, @CurrentPrincipal() { subject }: Principal): Promise<UserWithPasswordDto> {
    const made = await this.users.create(user, subject);
    if (made === null) throw new Problem('user_exists');
    return { ...presentUser(made.user), password: made.password };
  }

  /** Gives a user other roles, disables or enables it. A change ends all its sessions. */
  @Patch(':id')
  async change(
    @Param('id', UserIdPipe) id: string,
    @Body() { roles, disabled }: ChangeUserDto,
    @CurrentPrincipal() { subject }: Principal,
  ): Promise<UserDto> {
    const changed = await this.users.change(id, { roles, disabled }, subject);
    if (changed === 'missing') throw noSuchUser();
    if (changed === 'last_admin') throw new Problem('last_admin');
    return presentUser(changed);
  }

  /** Gives a user a new password, which is shown only now, and ends all its sessions. */
  @Post(':id/password')
  @HttpCode(200)
  async resetPassword(
    @Param('id', UserIdPipe) id: string,
    @CurrentPrincipal() { subject }: Principal,
  ): Promise<UserWithPasswordDto> {
    const changed = await this.users.resetPassword(id, subject);
    if (changed === null) throw noSuchUser();
    return { ...presentUser(changed.user), password: changed.password };
  }
}

function presentUser({ id, username, roles, disabledAt, createdAt }: ListedUser): UserDto {
  return {
    id,
    username,
    roles: [...roles],
    disabled: disabledAt !== null,
    disabled_at: disabledAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
  };
}
