import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Collector } from '@longhaul/persistence';
import type { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { RunningLimits } from './running-limits.js';

/** How far the line before a job is counted. */
const countedAhead = 1_000;
/** How long what is known of the pace of the kinds is good for. */
const freshMs = 5_000;

/** From so many jobs on, the length of a line is good for a second: nobody minds being 900th and not 901st. */
const longLine = 100;
const longLineMs = 1_000;
const rememberedLines = 1_000;
/** Jobs whose places one statement counts; and one such statement at a time. */
const countsTogether = 100;
const countLanes = 1;

/** Where a job stands in the line of its kind. */
export interface PlaceInLine {
  /** From 1; {@link beyondCount} when it is further back than was counted. */
  readonly position: number;
  /** Whole seconds; null when no job of its kind runs or has ended lately, or the position is not known. */
  readonly estimatedWaitSeconds: number | null;
}

/** The position of every job that has more than a thousand others before it. */
export const beyondCount = countedAhead + 1;

type Pace = Awaited<ReturnType<JobReader['pace']>>[number];

/** Says where jobs stand in line, and how long the line may take. */
@Injectable()
export class WaitingLine {
  private readonly counts = new Collector<string, number | null>(
    (ids) => this.reader.countAhead(ids, countedAhead),
    countsTogether,
    countLanes,
  );
  /** By kind and priority, how many come before a new job, where they are many. */
  private readonly longLines = new LRUCache<string, number>({ max: rememberedLines, ttl: longLineMs });
  /** By kind and priority, the count that is under way: those that come meanwhile wait for it, it may be of a long line. */
  private readonly counting = new Map<string, Promise<number | null>>();
  private pace: Promise<ReadonlyMap<string, Pace>> = Promise.resolve(new Map());
  /** Monotonic. */
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly reader: JobReader,
    private readonly limits: RunningLimits,
  ) {}

  /**
   * Place of a pending job by priority and age; null when it does not wait in line: it has started or ended, or is not
   * due. Fairness between owners may let it go first or later.
   */
  async placeOf({ id, kind, status }: Pick<JobEntity, 'id' | 'kind' | 'status'>): Promise<PlaceInLine | null> {
    return status === 'PENDING' ? this.place(kind, await this.counts.add(id)) : null;
  }

  /** Place of a job that was just accepted: the last one of its priority. A long line is not counted for each. */
  async placeOfNew(
    job: Pick<JobEntity, 'id' | 'kind' | 'priority' | 'runAt' | 'createdAt'>,
  ): Promise<PlaceInLine | null> {
    if (job.runAt > job.createdAt) return null;
    return this.place(job.kind, await this.aheadOfNew(job.id, `${job.kind}:${job.priority}`));
  }

  /** @param end kind and priority: the end of the line at which the job stands. */
  private async aheadOfNew(id: string, end: string): Promise<number | null> {
    const long = this.longLines.get(end) ?? (await this.counting.get(end)?.catch(() => null)) ?? 0;
    if (long >= longLine) return long;
    const count = this.counts.add(id);
    this.counting.set(end, count);
    try {
      const ahead = await count;
      if (ahead !== null && ahead >= longLine) this.longLines.set(end, ahead);
      return ahead;
    } finally {
      if (this.counting.get(end) === count) this.counting.delete(end);
    }
  }

  private async place(kind: string, ahead: number | null): Promise<PlaceInLine | null> {
    if (ahead === null) return null;
    const position = ahead + 1;
    const estimatedWaitSeconds = position === beyondCount ? null : await this.estimate(kind, position);
    return { position, estimatedWaitSeconds };
  }

  private async estimate(kind: string, position: number): Promise<number | null> {
    const { meanSeconds, running } = (await this.currentPace()).get(kind) ?? { meanSeconds: null, running: 0 };
    // While nothing runs, workers are idle or there are none: the one means at once, the other never.
    if (meanSeconds === null || running === 0) return null;
    const limit = this.limits.perKind(kind) || Number.POSITIVE_INFINITY;
    return roundUp((meanSeconds * position) / Math.min(running, limit));
  }

  private currentPace(): Promise<ReadonlyMap<string, Pace>> {
    if (performance.now() - this.readAt > freshMs) {
      this.readAt = performance.now();
      this.pace = this.reader.pace().then((paces) => new Map(paces.map((pace) => [pace.kind, pace])));
      // Asked for again by the next one.
      this.pace.catch(() => (this.readAt = Number.NEGATIVE_INFINITY));
    }
    return this.pace;
  }
}

/** No more precise than an estimate is: to 1 second below a minute, to 10 below an hour, then to minutes. */
function roundUp(seconds: number): number {
  const step = seconds < 60 ? 1 : seconds < 3_600 ? 10 : 60;
  return Math.max(1, Math.ceil(seconds / step) * step);
}
