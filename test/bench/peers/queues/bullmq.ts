import {
  createPostgresBackend,
  Queue,
  QueueEvents,
  setDefaultBackendFactory,
  Worker,
  type ConnectionOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Backend } from '../../../support/backends.js';
import type { Places, QueuePeer } from './queue-peer.js';

const name = 'noop';
/** Finished jobs are kept by neither contender. */
const options = { removeOnComplete: true };

/** BullMQ alone: no row of a job beside it. */
export class BullmqPeer implements QueuePeer {
  private readonly connection: ConnectionOptions;
  private opened: Queue | undefined;
  private events: QueueEvents | undefined;

  constructor(backend: Backend, { databaseUrl, redisUrl }: Places) {
    if (backend === 'postgres') setDefaultBackendFactory(createPostgresBackend);
    this.connection =
      backend === 'redis'
        ? new Redis(redisUrl, { maxRetriesPerRequest: null })
        : // As many connections as Longhaul's queues have.
          new Pool({ connectionString: databaseUrl, options: '-c search_path=bullmq', max: 20 });
  }

  private get queue(): Queue {
    this.opened ??= new Queue(name, { connection: this.connection });
    return this.opened;
  }

  async prepare(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  add(number: number): Promise<unknown> {
    return this.queue.add(name, { n: number }, options);
  }

  addMany(numbers: readonly number[]): Promise<unknown> {
    return this.queue.addBulk(numbers.map((n) => ({ name, data: { n }, opts: options })));
  }

  async addAndWait(number: number): Promise<unknown> {
    this.events ??= new QueueEvents(name, { connection: this.connection });
    await this.events.waitUntilReady();
    // A job that is removed at once may be gone before it is waited for.
    const job = await this.queue.add(name, { n: number }, { removeOnComplete: { count: 1_000 } });
    return job.waitUntilFinished(this.events);
  }

  async work(concurrency: number, onEnd: () => void): Promise<void> {
    const worker = new Worker(name, () => Promise.resolve({}), { connection: this.connection, concurrency });
    worker.on('completed', onEnd);
    worker.on('error', (error) => process.stderr.write(`${error.message}\n`));
    await worker.waitUntilReady();
  }
}
