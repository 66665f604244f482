import { getQueueToken } from '@nestjs/bullmq';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { KINDS, type KindRegistry } from './kind.js';
import { QuietLog } from './quiet-log.js';
import type { Doorbell, Ring } from './queue.js';

/** States of a BullMQ job that will still reach a worker by itself. `delayed` is not among them for a due row. */
const liveStates = new Set(['waiting', 'prioritized', 'active', 'paused', 'waiting-children']);

/** Rings BullMQ's doorbells. A ring may be lost or doubled without harm, so ringing never fails its caller. */
@Injectable()
export class Doorbells implements OnModuleInit {
  private readonly quiet = new QuietLog(new Logger(Doorbells.name));

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

  /** Which of these doorbells will still be delivered. */
  async live(kind: string, doorbells: readonly Doorbell[]): Promise<Set<string>> {
    const queue = this.queue(kind);
    const states = await Promise.all(doorbells.map((doorbell) => queue.getJobState(bullId(doorbell))));
    return new Set(doorbells.filter((_, index) => liveStates.has(states[index] ?? '')).map(({ jobId }) => jobId));
  }

  async close(): Promise<void> {
    await Promise.all([...this.kinds.keys()].map((kind) => this.queue(kind).close()));
  }

  private async ringKind(kind: string, rings: readonly Ring[]): Promise<boolean> {
    try {
      await this.queue(kind).addBulk(
        rings.map(({ jobId, dispatch, delayMs }) => ({
          name: kind,
          data: { jobId, dispatch },
          // A kept failed job would block its id for ever, and the history is in job_events.
          opts: { jobId: bullId({ jobId, dispatch }), delay: delayMs, removeOnComplete: true, removeOnFail: true },
        })),
      );
      return true;
    } catch (error) {
      this.quiet.warn(`Doorbell not rung, the reconciler will: ${(error as Error).message}`);
      return false;
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
