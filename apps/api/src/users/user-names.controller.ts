import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '@longhaul/auth';
import { UserNameDto, UserNamesQueryDto } from './user-names.dto.js';
import { UserNames } from './user-names.js';

/** Names for ids, for those who see what others do. */
@ApiTags('auth')
@Roles('editor')
@Controller('users/names')
export class UserNamesController {
  constructor(private readonly names: UserNames) {}

  /** The names of those of the ids that are users of the built-in issuer. */
  @Get()
  async findMany(@Query() { ids }: UserNamesQueryDto): Promise<UserNameDto[]> {
    return Array.from(await this.names.of(ids), ([id, username]) => ({ id, username }));
  }
}
