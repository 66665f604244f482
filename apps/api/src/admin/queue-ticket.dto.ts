import { ApiProperty } from '@nestjs/swagger';

/** A way into the queue board for a browser. */
export class QueueTicketDto {
  ticket: string;
  @ApiProperty({ type: 'integer', example: 30, description: 'Seconds until it expires unused.' })
  expires_in: number;
  @ApiProperty({ description: 'Relative reference to open, once.' })
  link: string;
}
