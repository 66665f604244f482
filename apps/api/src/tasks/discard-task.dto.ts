import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** Body of `POST /tasks/{id}/discard`. */
export class DiscardTaskDto {
  @ApiProperty({
    ...{ minLength: 3, maxLength: 1_000, pattern: '\\S', example: 'The site has gone; nobody needs this any more.' },
    description: 'Why nothing more needs to be done; kept in the audit trail.',
  })
  @IsString()
  @Length(3, 1_000)
  @Matches(/\S/, { message: 'reason must say something' })
  reason: string;
}
