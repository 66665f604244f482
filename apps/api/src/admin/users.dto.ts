import { ROLES, usernamePattern, type Role } from '@longhaul/auth';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsString, Matches } from 'class-validator';
import { ListTasksDto } from '../tasks/list-tasks.dto.js';
import { IfGiven } from '../validation/rules.js';

const time = { type: 'string', format: 'date-time' } as const;
const roles = { enum: ROLES, isArray: true, minItems: 1, uniqueItems: true } as const;
const isRoles = () => (target: object, property: string) => {
  IsArray()(target, property);
  ArrayMinSize(1, { message: 'roles must name at least one role' })(target, property);
  ArrayUnique({ message: 'roles must name each role once' })(target, property);
  IsIn(ROLES, { each: true, message: `roles must be of: ${ROLES.join(', ')}` })(target, property);
};

/** Query of `GET /admin/users`. */
export class ListUsersDto extends PickType(ListTasksDto, ['q', 'limit', 'cursor'] as const) {}

/** Query of `GET /admin/actions`. */
export class ListActionsDto extends PickType(ListTasksDto, ['limit', 'cursor'] as const) {}

/** A user of the built-in issuer. */
export class UserDto {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'The `owner_id` of its tasks.' })
  id: string;
  @ApiProperty({ example: 'ada' })
  username: string;
  @ApiProperty(roles)
  roles: Role[];
  @ApiProperty({ description: 'Whether its sign-ins and tokens are refused.' })
  disabled: boolean;
  @ApiProperty({ ...time, nullable: true })
  disabled_at: string | null;
  @ApiProperty(time)
  created_at: string;
}

/** A user with a password that was just made. */
export class UserWithPasswordDto extends UserDto {
  @ApiProperty({ description: 'Shown only now.' })
  password: string;
}

/** Body of `POST /admin/users`. */
export class NewUserDto {
  @ApiProperty({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$', description: 'Kept in lower case.', example: 'ada' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsString()
  @Matches(usernamePattern, {
    message: 'username must have 1 to 64 letters, digits, ".", "_", "@" or "-", and start with a letter or digit',
  })
  username: string;

  @ApiProperty(roles)
  @isRoles()
  roles: Role[];
}

/** Body of `PATCH /admin/users/{id}`: what is left out stays. */
export class ChangeUserDto {
  @ApiPropertyOptional(roles)
  @IfGiven()
  @isRoles()
  roles?: Role[];

  @ApiPropertyOptional()
  @IfGiven()
  @IsBoolean()
  disabled?: boolean;
}

/** What an admin did to a user or a task type. */
export class AdminActionDto {
  @ApiProperty({ type: 'integer', minimum: 1 })
  id: number;
  @ApiProperty(time)
  at: string;
  @ApiProperty({ description: 'Id of the admin.' })
  actor: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'Their user name, of the built-in issuer.' })
  actor_name: string | null;
  @ApiProperty({
    example: 'user_changed',
    description: '`kind_paused`, `kind_resumed`, `user_created`, `user_changed` or `user_password_reset`.',
  })
  action: string;
  @ApiProperty({ description: 'Name of the task type, or id of the user.' })
  subject: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What was changed, and why.' })
  data: Record<string, unknown>;
}
