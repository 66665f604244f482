import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { isTerminal, JobsService, type JobEntity, type JobEvent } from '@longhaul/jobs';
import { identityOf } from '../http/request-identity.js';
import { presentProblem } from '../problems/present-problem.js';
import { Problem } from '../problems/problem.js';
import type { ProblemDto } from '../problems/problem.dto.js';
import { TaskIdPipe } from '../validation/task-id.pipe.js';
import { DiscardTaskDto } from './discard-task.dto.js';
import { etagOf, knowsEvent, matchesEtag } from './etag.js';
import { parseIdempotencyKey } from './idempotency-key.js';
import { ListTasksDto } from './list-tasks.dto.js';
import { parsePrefer, type Preferences } from './prefer.js';
import { presentQueue, presentTask } from './present-task.js';
import { Submissions, type Submitter } from './submissions.js';
import { TaskAccess } from './task-access.js';
import { TaskAnswers } from './task-answers.js';
import { TaskChanges } from './task-changes.js';
import { TaskList } from './task-list.js';
import { TaskWaits } from './task-waits.js';
import type { TaskDto, TaskQueueDto } from './task.dto.js';

const shownLogs = 50;

/** Submit, find, list, cancel, retry. */
@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly submissions: Submissions,
    private readonly jobs: JobsService,
    private readonly access: TaskAccess,
    private readonly changes: TaskChanges,
    private readonly list: TaskList,
    private readonly waits: TaskWaits,
    private readonly answers: TaskAnswers,
  ) {}

  /** Accepts a task: with the 202 it is committed, and will reach exactly one end. */
  @Post()
  @HttpCode(202)
  async submit(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const preferences = parsePrefer(request.headers.prefer);
    const { job, replayed } = await this.submissions.submit(body, submitterOf(request, principal));
    const { waitSeconds } = preferences;
    const shown = waitSeconds === null ? job : await this.waits.untilEnd(job, waitSeconds, reply.raw);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    const isNew = !replayed && shown === job;
    const place = await (isNew ? this.jobs.placeOfNew(job) : this.jobs.placeInLine(shown));
    return this.accepted(shown, presentQueue(place), reply, preferences);
  }

  /** Accepts up to 1,000 tasks, each by itself; the answers are in the order of the items. */
  @Post('batch')
  @HttpCode(200)
  async submitBatch(
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<(TaskDto | ProblemDto)[]> {
    const answers = await this.submissions.submitBatch(body, submitterOf(request, principal));
    const waits = answers.flatMap((answer) =>
      answer instanceof Problem ? Number(answer.headers['retry-after'] ?? 0) : 0,
    );
    if (Math.max(...waits) > 0) void reply.header('retry-after', String(Math.max(...waits)));
    return answers.map((answer) =>
      answer instanceof Problem ? presentProblem(answer, request.raw) : presentTask(answer.job),
    );
  }

  /** Own tasks, newest first; admins see everybody's. */
  @Get()
  async findMany(
    @Query() query: ListTasksDto,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto[]> {
    const { jobs, link } = await this.list.page(principal, query);
    if (link !== null) void reply.header('link', link);
    return jobs.map((job) => presentTask(job));
  }

  /** One task with its last 50 log lines. */
  @Get(':id')
  async findOne(
    @Param('id', TaskIdPipe) id: string,
    @CurrentPrincipal() principal: Principal,
    @Headers('prefer') prefer: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto | undefined> {
    const preferences = parsePrefer(prefer);
    let { job, logs } = await this.access.shown(id, principal);
    // A client that does not know the current state yet gets it at once.
    const mayWait = ifNoneMatch === undefined || knowsEvent(ifNoneMatch, job);
    if (preferences.waitSeconds !== null && mayWait && !isTerminal(job.status)) {
      await this.waits.untilChange(job, preferences.waitSeconds, reply.raw);
      ({ job, logs } = await this.access.shown(id, principal));
    }
    const queue = presentQueue(await this.jobs.placeInLine(job));
    this.answers.current(reply, job, queue, preferences);
    if (matchesEtag(ifNoneMatch, etagOf(job, queue))) {
      void reply.code(304);
      return undefined;
    }
    return presentTask(job, { queue, logs });
  }

  /** Ends a task at once. Its worker is told to stop, and whatever it still reports is refused. */
  @Delete(':id')
  @HttpCode(204)
  async cancel(@Param('id', TaskIdPipe) id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.changes.cancel(id, principal);
  }

  /** Starts a FAILED task again, with a new budget of attempts. */
  @Post(':id/retry')
  @HttpCode(202)
  async retry(
    @Param('id', TaskIdPipe) id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const job = await this.changes.retry(id, principal);
    return this.accepted(job, presentQueue(await this.jobs.placeInLine(job)), reply);
  }

  private async accepted(
    job: JobEntity,
    queue: TaskQueueDto | null,
    reply: FastifyReply,
    preferences?: Preferences,
  ): Promise<TaskDto> {
    this.answers.accepted(reply, job, queue, preferences);
    // A task that was only just made has no logs yet.
    return presentTask(job, { queue, logs: job.lastSeq > 1 ? await this.logsOf(job) : [] });
  }

  /** Notes that nothing more needs to be done about a FAILED task, and why. It stays FAILED, and can still be retried. */
  @Post(':id/discard')
  @HttpCode(200)
  async discard(
    @Param('id', TaskIdPipe) id: string,
    @Body() { reason }: DiscardTaskDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TaskDto> {
    await this.access.discardable(id, principal);
    const job = await this.jobs.discard(id, reason, principal.subject);
    if (job === 'missing') throw await this.access.missing(id, principal);
    if (job === 'not_failed') throw new Problem('task_not_failed');
    return presentTask(job, { logs: await this.logsOf(job) });
  }

  /** Not the lines that came after the row was read: one strong ETag must not carry two bodies. */
  private logsOf({ id, lastSeq }: JobEntity): Promise<JobEvent[]> {
    return this.jobs.logs(id, { upTo: lastSeq, limit: shownLogs, newest: true });
  }
}

function submitterOf(request: FastifyRequest, principal: Principal): Submitter {
  return {
    ownerId: principal.subject,
    idempotencyKey: parseIdempotencyKey(request.headers['idempotency-key']),
    traceparent: identityOf(request.raw).traceparent,
  };
}
