import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, Length } from 'class-validator';
import { FromList } from '../validation/rules.js';

/** Query of `GET /users/names`. */
export class UserNamesQueryDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 255 },
    maxItems: 100,
    style: 'form',
    explode: false,
    description: 'Comma-separated: owners, authors, reviewers.',
  } as object)
  @FromList()
  @ArrayMaxSize(100)
  @Length(1, 255, { each: true })
  ids: string[];
}

/** How a user of the built-in issuer is called. */
export class UserNameDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  id: string;
  @ApiProperty({ example: 'ada' })
  username: string;
}
