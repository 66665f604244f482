import { ROLES, type Role } from '@longhaul/auth';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** Body of `POST /console/session`. */
export class ConsoleSignInDto {
  /** Capitals do not matter. */
  @IsString()
  @MaxLength(128)
  username: string;

  @IsString()
  @MaxLength(128)
  password: string;
}

/** Body of `POST /console/session/link`. */
export class ConsoleLinkDto {
  /** What stands behind `#ticket=` in the link; good for one use. */
  @IsString()
  @MaxLength(128)
  ticket: string;
}

/** Who is signed in. */
export class ConsoleUserDto {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'The `owner_id` of its tasks.' })
  id: string;
  @ApiProperty({ example: 'admin' })
  username: string;
  @ApiProperty({ enum: ROLES, isArray: true })
  roles: Role[];
}

/** A session of the console; its refresh token is in a cookie that scripts cannot read. */
export class ConsoleSessionDto {
  /** JWT for the Authorization header. */
  access_token: string;
  @ApiProperty({ type: 'integer', example: 900, description: 'Life of the access token, in seconds.' })
  expires_in: number;
  user: ConsoleUserDto;
}
