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
    const filter = filterFor(principal, query);
    const { limit } = filter;
    const wanted = {
      ...filter,
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
      ...(query.cursor !== undefined && { beforeId: readCursor(query.cursor) }),
      ...(query.skip !== undefined && { skip: query.skip }),
    };
    const found = await this.jobs.list(wanted);
    const jobs = found.slice(0, limit);
    const below = found.length > limit ? jobs.at(-1)?.id : await this.jobs.listGoesOnBelow(wanted);
    return { jobs, link: below ? nextLink('/tasks', query, cursorBefore(below)) : null };
  }
}
