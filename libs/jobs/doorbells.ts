import { getQueueToken } from '@nestjs/bullmq';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { KINDS, type KindRegistry } from './kind.js';
import { QuietLog } from './quiet-log.js';
import type { Doorbell, Ring } from './queue.js';
import { withinTime } from './time-limit.js';

/** States of a BullMQ job that will still reach a worker by itself. `delayed` is not among them for a due row. */
const liveStates = new Set(['waiting', 'prioritized', 'active', 'paused', 'waiting-children']);

/** A worker's client keeps its commands until Redis is back, and nobody may wait for that. */
const patienceMs = 2_000;
/** While this many calls are overdue, no further ones are made: the client would keep them all. */
const mostUnanswered = 10;

/**
 * Rings BullMQ's doorbells. A ring may be lost or doubled without harm, so ringing never fails its caller, and takes
 * two seconds at most.
 */
@Injectable()
export class Doorbells implements OnModuleInit {
  private readonly quiet = new QuietLog(new Logger(Doorbells.name));
  private readonly unanswered = new Set<Promise<unknown>>();

  constructor(
    private readonly modules: ModuleRef,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  onModuleInit(): void {
    // A queue without a listener prints every error of its connection, with its stack.
    for (const kind of this.kinds.keys()) {
      this.queue(kind).on('error', (error) => this.quiet.warn(`Queue ${kind}: ${error.message}`));
    }
  }

  /** Rings all of them, one round trip a kind. Resolves with whether every one was accepted. */
  async ring(rings: readonly Ring[]): Promise<boolean> {
    const byKind = Map.groupBy(rings, (ring) => ring.kind);
    const answers = await Promise.all([...byKind].map(([kind, ofKind]) => this.ringKind(kind, ofKind)));
    return answers.every(Boolean);
  }

  /** Which of these doorbells will still be delivered; null when the queue does not answer. */
  async live(kind: string, doorbells: readonly Doorbell[]): Promise<Set<string> | null> {
    try {
      const queue = this.queue(kind);
      const states = await this.answered(() =>
        Promise.all(doorbells.map((doorbell) => queue.getJobState(bullId(doorbell)))),
      );
      return new Set(doorbells.filter((_, index) => liveStates.has(states[index] ?? '')).map(({ jobId }) => jobId));
    } catch (error) {
      this.quiet.warn(`Doorbells not looked for: ${(error as Error).message}`);
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
      const jobs = rings.map(({ jobId, dispatch, delayMs }) => ({
        name: kind,
        data: { jobId, dispatch },
        // A kept failed job would block its id for ever, and the history is in job_events.
        opts: { jobId: bullId({ jobId, dispatch }), delay: delayMs, removeOnComplete: true, removeOnFail: true },
      }));
      await this.answered(() => this.queue(kind).addBulk(jobs));
      return true;
    } catch (error) {
      this.quiet.warn(`Doorbell not rung, the reconciler will: ${(error as Error).message}`);
      return false;
    }
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
