import { Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowStreamTicket, CurrentPrincipal, StreamTickets, type Principal } from '@longhaul/auth';
import { TaskIdPipe } from '../validation/task-id.pipe.js';
import { StreamTaskDto, StreamTasksDto } from './list-tasks.dto.js';
import { streamPosition } from './stream-position.js';
import { TaskAccess } from './task-access.js';
import { filterFor } from './task-filter.js';
import { TaskStream } from './task-stream.js';
import type { StreamTicketDto } from './task.dto.js';
import { TasksStream } from './tasks-stream.js';
import { readLogId } from './log-id.js';

/** Server-sent events. Its module is imported before the controller of `/tasks/:id`. */
@ApiTags('streams')
@Controller('tasks')
export class TaskStreamsController {
  constructor(
    private readonly access: TaskAccess,
    private readonly taskStream: TaskStream,
    private readonly tasksStream: TasksStream,
    private readonly tickets: StreamTickets,
  ) {}

  /** All visible tasks on one connection: a snapshot of the first page, then every change once. */
  @Get('stream')
  async streamMany(
    @Query() query: StreamTasksDto,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const header = [request.headers['last-event-id'] ?? ''].flat().join(',');
    const [id, code] = header
      ? ([header, 'invalid_header'] as const)
      : ([query.last_event_id, 'invalid_query'] as const);
    await this.tasksStream.open(filterFor(principal, query), id ? readLogId(id, code) : null, principal, reply);
  }

  /** One task: a snapshot, then every event with its number as id; ends after the event that ends the task. */
  @Get(':id/stream')
  @AllowStreamTicket()
  async stream(
    @Param('id', TaskIdPipe) id: string,
    @Query() query: StreamTaskDto,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const position = streamPosition(request.headers['last-event-id'], query);
    await this.taskStream.open(await this.access.readable(id, principal), position, principal, reply);
  }

  /** A ticket for the stream of one task, for EventSource: one use, 30 s. Its use sets a cookie for reconnects. */
  @Post(':id/stream-ticket')
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  async issueTicket(
    @Param('id', TaskIdPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamTicketDto> {
    const job = await this.access.readable(id, principal);
    const { ticket, expiresIn } = await this.tickets.issue(job.id, principal);
    return { ticket, expires_in: expiresIn };
  }
}
