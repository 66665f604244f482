import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { JobsService, KINDS, type JobEntity, type JobEvent, type KindRegistry } from '@longhaul/jobs';
import { TaskIdPipe } from '../validation/task-id.pipe.js';
import type { CommonFieldsDto } from './common-fields.dto.js';
import { HistoryPageDto } from './list-tasks.dto.js';
import { presentEvent } from './present-event.js';
import { presentLog } from './present-task.js';
import { TaskAccess } from './task-access.js';
import type { TaskEventDto, TaskLogDto } from './task.dto.js';

const defaultLimit = 1_000;

/** What has happened to a task. */
@ApiTags('tasks')
@Controller('tasks/:id')
export class TaskHistoryController {
  constructor(
    private readonly access: TaskAccess,
    private readonly jobs: JobsService,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  /**
   * What it was submitted with: the body of a `POST /tasks` that would submit the same again, at once. Fields that every kind
   * has are left out where they are as the kind has them by itself.
   */
  @Get('input')
  @ApiOkResponse({ schema: { type: 'object', required: ['task_type'], additionalProperties: true } })
  async input(
    @Param('id', TaskIdPipe) id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Record<string, unknown>> {
    const job = await this.access.readable(id, principal);
    const input = await this.jobs.inputOf(id);
    if (input === null) throw await this.access.missing(id, principal);
    return { task_type: job.kind, ...input, ...this.commonFields(job) };
  }

  /** Not its time, which has come or will come for this task alone. */
  private commonFields({ kind, metadata, priority, timeoutSeconds, maxAttempts }: JobEntity): CommonFieldsDto {
    const usual = this.kinds.get(kind);
    return {
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(priority !== 0 && { priority }),
      ...(timeoutSeconds !== usual?.timeoutSeconds && { timeout_seconds: timeoutSeconds }),
      ...(maxAttempts !== usual?.maxAttempts && { max_attempts: maxAttempts }),
    };
  }

  /** Log lines, oldest first. */
  @Get('logs')
  async logs(
    @Param('id', TaskIdPipe) id: string,
    @Query() query: HistoryPageDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskLogDto[]> {
    await this.access.readable(id, principal);
    const page = { after: query.after ?? 0, limit: query.limit ?? defaultLimit };
    const logs = await this.jobs.logs(id, page);
    linkNext(reply, `/tasks/${id}/logs`, logs, page.limit);
    return logs.map(presentLog);
  }

  /** Every event with who caused it, oldest first: the audit trail. */
  @Get('events')
  async events(
    @Param('id', TaskIdPipe) id: string,
    @Query() query: HistoryPageDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskEventDto[]> {
    const job = await this.access.readable(id, principal);
    const page = { after: query.after ?? 0, limit: query.limit ?? defaultLimit };
    const events = await this.jobs.events(id, page);
    linkNext(reply, `/tasks/${id}/events`, events, page.limit);
    return events.map((event) => presentEvent(event, job.result));
  }
}

/** A full page may have a next one. */
function linkNext(reply: FastifyReply, path: string, rows: readonly JobEvent[], limit: number): void {
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return;
  void reply.header('link', `<${path}?after=${last.seq}&limit=${limit}>; rel="next"`);
}
