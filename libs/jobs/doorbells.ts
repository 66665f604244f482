import { getQueueToken } from '@nestjs/bullmq';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { SpanKind } from '@opentelemetry/api';
import { inChildSpan } from '@longhaul/telemetry';
import type { JobType, Queue } from 'bullmq';
import { KINDS, type KindRegistry } from './kind.js';
import { QuietLog } from './quiet-log.js';
import type { Doorbell, Ring } from './queue.js';
import { withinTime } from './time-limit.js';

/**
 * So many doorbells of a kind may wait, and no more are rung for jobs that are due. It bounds how many slots a backlog
 * fills at once, over all workers, hence more than they have; and a doorbell that nobody needs costs as much as a job.
 */
export const enoughDoorbells = 1_000;

/** Doorbells that will be delivered by themselves. On PostgreSQL those of a paused queue are counted apart, as no known type. */
const waitingTypes = ['waiting', 'prioritized', 'paused'] as JobType[];

/** A worker's client keeps its commands until Redis is back, and nobody may wait for that. */
const patienceMs = 2_000;
/** While this many calls are overdue, no further ones are made: the client would keep them all. */
const mostUnanswered = 10;

/**
 * Rings BullMQ's doorbells. A ring may be lost or doubled without harm, so ringing never fails its caller, and takes
 * two seconds at most.
 *
 * A doorbell grants a slot, and a slot claims until nothing is due. So a committed job needs no doorbell of its own: any
 * that is waiting after the commit leads to a claim later than the commit, which finds the job or whoever is before it
 * in line. Hence only {@link enoughDoorbells} are kept waiting. That holds as long as a slot that ends otherwise gives
 * its doorbell back: when its worker stops or cannot reach the database (see JobRunner), or is killed (BullMQ delivers
 * it again). If the queue loses them, the reconciler finds due jobs without. A job that has no room within a limit of
 * running jobs is rung for when there is (see Turns). A delayed doorbell is for its own job, and is always rung.
 */
@Injectable()
export class Doorbells {
  private readonly quiet = new QuietLog(new Logger(Doorbells.name));
  private readonly unanswered = new Set<Promise<unknown>>();
  /**
   * By kind, how many more may be rung before those that wait are counted again. Those that were delivered meanwhile are
   * not in it: it may be too small, never too large but for what other processes ring.
   */
  private readonly room = new Map<string, number>();

  constructor(
    private readonly modules: ModuleRef,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  /** Rings those that are needed, one round trip a kind. Resolves with whether every one of them was accepted. */
  async ring(rings: readonly Ring[]): Promise<boolean> {
    const byKind = Map.groupBy(rings, (ring) => ring.kind);
    const answers = await Promise.all([...byKind].map(([kind, ofKind]) => this.ringKind(kind, ofKind)));
    return answers.every(Boolean);
  }

  /** How many doorbells of a kind wait for a free slot; null when the queue does not answer. */
  async waiting(kind: string): Promise<number | null> {
    try {
      return await this.countWaiting(kind);
    } catch (error) {
      this.quiet.warn(`Doorbells not counted: ${(error as Error).message}`);
      return null;
    }
  }

  /** Never fails; takes two seconds at most. */
  async close(): Promise<void> {
    const closed = Promise.all([...this.kinds.keys()].map((kind) => this.queue(kind).close()));
    await withinTime(closed, patienceMs, 'Closing the queues').catch((error: Error) => this.quiet.warn(error.message));
  }

  private async ringKind(kind: string, rings: readonly Ring[]): Promise<boolean> {
    try {
      const needed = await this.needed(kind, rings);
      if (needed.length === 0) return true;
      const jobs = needed.map(({ jobId, dispatch, delayMs }) => ({
        name: kind,
        data: { jobId, dispatch },
        // A kept failed job would block its id for ever, and the history is in job_events.
        opts: { jobId: bullId({ jobId, dispatch }), delay: delayMs, removeOnComplete: true, removeOnFail: true },
      }));
      const attributes = { 'longhaul.doorbells': jobs.length };
      await inChildSpan(`ring ${kind}`, { kind: SpanKind.PRODUCER, attributes }, () =>
        this.answered(() => this.queue(kind).addBulk(jobs)),
      );
      return true;
    } catch (error) {
      this.quiet.warn(`Doorbell not rung, the reconciler will: ${(error as Error).message}`);
      return false;
    }
  }

  /** The delayed ones, and as many of the others as there is room for. Nobody is asked while there is. */
  private async needed(kind: string, rings: readonly Ring[]): Promise<Ring[]> {
    const [now, later] = [rings.filter(({ delayMs }) => delayMs === 0), rings.filter(({ delayMs }) => delayMs > 0)];
    let room = this.room.get(kind) ?? 0;
    if (room < now.length) room = Math.max(0, enoughDoorbells - (await this.countWaiting(kind)));
    const few = now.slice(0, room);
    this.room.set(kind, room - few.length);
    return [...few, ...later];
  }

  private countWaiting(kind: string): Promise<number> {
    return this.answered(() => this.queue(kind).getJobCountByTypes(...waitingTypes));
  }

  private async answered<T>(call: () => Promise<T>): Promise<T> {
    if (this.unanswered.size >= mostUnanswered) throw new Error('the queue does not answer');
    const answer = call();
    try {
      return await withinTime(answer, patienceMs, 'The answer of the queue');
    } catch (error) {
      this.unanswered.add(answer);
      const forget = () => this.unanswered.delete(answer);
      answer.then(forget, forget);
      throw error;
    }
  }

  private queue(kind: string): Queue<Doorbell> {
    return this.modules.get<Queue<Doorbell>>(getQueueToken(kind), { strict: false });
  }
}

/** Unique for each ring, and never a number: numeric ids start again when Redis is wiped. */
function bullId({ jobId, dispatch }: Doorbell): string {
  return `${jobId}-${dispatch}`;
}
