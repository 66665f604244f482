import { Injectable } from '@nestjs/common';
import {
  FailedJobsReader,
  type Canary,
  type FailedGroup,
  type FailedGroupFilter,
  type FailedJob,
  type FailedPosition,
} from './failed-jobs.reader.js';
import { FailedJobsStore } from './failed-jobs.store.js';
import { isTerminal } from './job-status.js';
import type { JobEntity } from './job.entity.js';
import { JobsService } from './jobs.service.js';

/** Jobs that one statement changes: few enough that its row locks last milliseconds. */
const batchSize = 100;

/** How a group is to be retried. */
export interface GroupRetry {
  /** `canary`: its newest job alone. `all`: its jobs, oldest first. */
  readonly mode: 'canary' | 'all';
  /** Most jobs of one call with `all`. */
  readonly limit: number;
  /** Whatever the canary says. */
  readonly force: boolean;
  readonly actor: string;
}

/** What was done with a group. */
export interface GroupChange {
  readonly outcome: 'done';
  /** Jobs that were changed. */
  readonly changed: number;
  /** Jobs that are in the group now; some may have failed again meanwhile. */
  readonly remaining: number;
  readonly canary: Canary | null;
}

export type GroupAnswer =
  | GroupChange
  /** None of its jobs is left. */
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'canary_unfinished' | 'canary_failed'; readonly canary: Canary };

/** Failed jobs by cause: what failed, and retry or discard of a whole group. The rules on who may are the caller's. */
@Injectable()
export class FailedJobs {
  constructor(
    private readonly reader: FailedJobsReader,
    private readonly store: FailedJobsStore,
    private readonly jobs: JobsService,
  ) {}

  /** Groups, newest failure first. */
  groups(filter: FailedGroupFilter): Promise<FailedGroup[]> {
    return this.reader.groups(filter);
  }

  group(fingerprint: string): Promise<FailedGroup | null> {
    return this.reader.group(fingerprint);
  }

  /** Jobs of a group, newest failure first. */
  inGroup(
    fingerprint: string,
    page: { readonly after?: FailedPosition; readonly limit: number },
  ): Promise<FailedJob[]> {
    return this.reader.inGroup(fingerprint, page);
  }

  /** Retries a canary of a group, or the group; not while a canary runs, nor the group after a canary that failed. */
  async retry(fingerprint: string, wanted: GroupRetry): Promise<GroupAnswer> {
    const group = await this.reader.group(fingerprint);
    if (group === null) return { outcome: 'missing' };
    const refusal = wanted.force ? null : refusalOf(wanted.mode, group.canary);
    if (refusal !== null) return refusal;
    if (wanted.mode === 'all') {
      return this.inBatches(group, wanted.limit, (batch) => this.store.requeue(fingerprint, batch, wanted.actor));
    }
    const canary = await this.store.requeueCanary(fingerprint, wanted.force, wanted.actor);
    // Somebody was faster; what they did decides now.
    if (canary === null) return this.retry(fingerprint, wanted);
    this.jobs.announce([canary]);
    return this.changed(fingerprint, 1);
  }

  /** Discards jobs of a group, at most `limit`, oldest first. */
  async discard(
    fingerprint: string,
    wanted: { readonly reason: string; readonly limit: number; readonly actor: string },
  ): Promise<GroupChange | { readonly outcome: 'missing' }> {
    const group = await this.reader.group(fingerprint);
    if (group === null) return { outcome: 'missing' };
    const { reason, limit, actor } = wanted;
    return this.inBatches(group, limit, (batch) => this.store.discard(fingerprint, batch, reason, actor));
  }

  private async inBatches(
    { fingerprint, position: upTo }: FailedGroup,
    limit: number,
    change: (batch: { upTo: FailedPosition; limit: number }) => Promise<JobEntity[]>,
  ): Promise<GroupChange> {
    let count = 0;
    for (let full = true; full && count < limit;) {
      const size = Math.min(batchSize, limit - count);
      const jobs = await change({ upTo, limit: size });
      this.jobs.announce(jobs);
      count += jobs.length;
      full = jobs.length === size;
    }
    return this.changed(fingerprint, count);
  }

  private async changed(fingerprint: string, changed: number): Promise<GroupChange> {
    const remaining = (await this.reader.group(fingerprint))?.count ?? 0;
    return { outcome: 'done', changed, remaining, canary: await this.reader.canary(fingerprint) };
  }
}

function refusalOf(mode: GroupRetry['mode'], canary: Canary | null) {
  if (canary === null) return null;
  if (!isTerminal(canary.status)) return { outcome: 'canary_unfinished' as const, canary };
  return mode === 'all' && canary.status === 'FAILED' ? { outcome: 'canary_failed' as const, canary } : null;
}
