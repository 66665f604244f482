import { Injectable } from '@nestjs/common';
import type { Principal } from '@longhaul/auth';
import { JobsService, type JobEntity } from '@longhaul/jobs';
import { cursorBefore, nextLink, readCursor } from './list-cursor.js';
import type { ListTasksDto } from './list-tasks.dto.js';
import { filterFor } from './task-filter.js';

/** One page of tasks. */
export interface TaskPage {
  readonly jobs: readonly JobEntity[];
  /** Value of the Link header; null on the last page. */
  readonly link: string | null;
}

/** Pages by the id of the last task, so that they stay right while new tasks come in at the front. */
@Injectable()
export class TaskList {
  constructor(private readonly jobs: JobsService) {}

  async page(principal: Principal, query: ListTasksDto): Promise<TaskPage> {
    const { jobs, below } = await this.jobs.page({
      ...filterFor(principal, query),
      ...(query.cursor !== undefined && { beforeId: readCursor(query.cursor) }),
      ...(query.skip !== undefined && { skip: query.skip }),
    });
    return { jobs, link: below === null ? null : nextLink('/tasks', query, cursorBefore(below)) };
  }
}
