import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal } from '@longhaul/auth';
import { JobsService } from '@longhaul/jobs';
import { BulkChanges } from './bulk-changes.js';
import { CountTasksDto } from './list-tasks.dto.js';
import { filterFor } from './task-filter.js';
import { BulkResultsDto, BulkTasksDto, TaskCountsDto } from './tasks-bulk.dto.js';

/** Many tasks at once. */
@ApiTags('tasks')
@Controller('tasks')
export class TasksBulkController {
  constructor(
    private readonly jobs: JobsService,
    private readonly bulk: BulkChanges,
  ) {}

  /** Own tasks by status, with the filters of the list; admins count everybody's. */
  @Get('counts')
  async counts(@Query() query: CountTasksDto, @CurrentPrincipal() principal: Principal): Promise<TaskCountsDto> {
    const { counts, capped } = await this.jobs.counts(filterFor(principal, query));
    return { counts: { ...counts }, capped };
  }

  /** Cancels or retries up to 100 tasks, each by itself and by the rules of the call for one. */
  @Post('bulk')
  @HttpCode(200)
  async change(@Body() body: BulkTasksDto, @CurrentPrincipal() principal: Principal): Promise<BulkResultsDto> {
    return { results: await this.bulk.change(body, principal) };
  }
}
