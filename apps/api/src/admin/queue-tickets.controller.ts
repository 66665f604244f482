import { Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BoardSessions, CurrentPrincipal, Roles, type Principal } from '@longhaul/auth';
import { boardPath } from '@longhaul/jobs';
import { QueueTicketDto } from './queue-ticket.dto.js';

/** For browsers, which can send no token along with the address of a page. */
@ApiTags('admin')
@Roles('admin')
@Controller('admin/queue-tickets')
export class QueueTicketsController {
  constructor(private readonly sessions: BoardSessions) {}

  /** A ticket for the queue board: one use, 30 s. Opening its link sets a cookie for the board, until the token expires. */
  @Post()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  async issue(@CurrentPrincipal() principal: Principal): Promise<QueueTicketDto> {
    const { ticket, expiresIn } = await this.sessions.issue(principal);
    return { ticket, expires_in: expiresIn, link: `${boardPath}?ticket=${ticket}` };
  }
}
