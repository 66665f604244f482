import { Injectable } from '@nestjs/common';
import type { Principal } from '@longhaul/auth';
import type { JobStatus } from '@longhaul/jobs';
import { problemCodes } from '../problems/problem-codes.js';
import { toProblem } from '../problems/to-problem.js';
import { checkedTaskId } from '../validation/task-id.pipe.js';
import { TaskChanges } from './task-changes.js';
import type { BulkDoneDto, BulkRefusedDto, BulkTasksDto } from './tasks-bulk.dto.js';

/** Tasks that one call changes at the same moment: not all connections to the database are for it. */
const together = 4;

/** Cancels or retries many tasks, each by itself. */
@Injectable()
export class BulkChanges {
  constructor(private readonly changes: TaskChanges) {}

  /** One answer a task, in their order. An error of ours ends the call: what was done until then is done. */
  async change(
    { action, task_ids: ids }: BulkTasksDto,
    principal: Principal,
  ): Promise<(BulkDoneDto | BulkRefusedDto)[]> {
    const results: (BulkDoneDto | BulkRefusedDto)[] = [];
    for (let start = 0; start < ids.length; start += together) {
      const few = ids.slice(start, start + together);
      results.push(...(await Promise.all(few.map((id) => this.answer(action, id, principal)))));
    }
    return results;
  }

  private async answer(
    action: BulkTasksDto['action'],
    id: string,
    principal: Principal,
  ): Promise<BulkDoneDto | BulkRefusedDto> {
    try {
      return { task_id: id, ok: true, status: await this.apply(action, checkedTaskId(id), principal) };
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) throw problem;
      const { code, detail, status } = problem;
      return { task_id: id, ok: false, problem: { code, title: problemCodes[code].title, detail, status } };
    }
  }

  private async apply(action: BulkTasksDto['action'], id: string, principal: Principal): Promise<JobStatus> {
    if (action === 'retry') return (await this.changes.retry(id, principal)).status;
    await this.changes.cancel(id, principal);
    return 'CANCELLED';
  }
}
