import { Queue, createPostgresBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Stage } from './stage.js';

/** What a doorbell says; see libs/jobs/queue.ts. */
export interface ForgedDoorbell {
  readonly jobId: string;
  readonly dispatch: number;
  /** BullMQ's id of it. */
  readonly bullId: string;
  readonly delayMs: number;
}

/** Queues of both backends: their types differ in what they connect to. */
type AnyQueue = Pick<Queue, 'name' | 'addBulk' | 'getJobState' | 'close'>;

/** A second hand on the doorbells of one kind: BullMQ itself, beside the apps, by the way that they take. */
export class ForeignRinger {
  private constructor(
    private readonly queue: AnyQueue,
    private readonly release: () => Promise<unknown>,
  ) {}

  static open(stage: Stage, kind: string): ForeignRinger {
    const { QUEUE_PREFIX: prefix, DATABASE_URL, DATABASE_ROLE } = stage.config;
    if (stage.backend === 'redis') {
      const client = new Redis(stage.redis.url, { maxRetriesPerRequest: 1 });
      return new ForeignRinger(new Queue(kind, { connection: client, prefix }), () => {
        client.disconnect();
        return Promise.resolve();
      });
    }
    const options = `-c search_path=bullmq -c role=${DATABASE_ROLE}`;
    const pool = new Pool({ connectionString: DATABASE_URL, options, max: 2 });
    const queue = new Queue(kind, { connection: pool, prefix }, createPostgresBackend);
    return new ForeignRinger(queue, () => pool.end());
  }

  /** Rings all of them. */
  async ring(doorbells: readonly ForgedDoorbell[]): Promise<void> {
    await this.queue.addBulk(
      doorbells.map(({ jobId, dispatch, bullId, delayMs }) => ({
        name: this.queue.name,
        data: { jobId, dispatch },
        opts: { jobId: bullId, delay: delayMs, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  /** Whether all of them have reached a worker, which ends every delivery. */
  async areDelivered(doorbells: readonly ForgedDoorbell[]): Promise<boolean> {
    for (const { bullId } of doorbells) if ((await this.queue.getJobState(bullId)) !== 'unknown') return false;
    return true;
  }

  async close(): Promise<void> {
    await this.queue.close();
    await this.release();
  }
}
