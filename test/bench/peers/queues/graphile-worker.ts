import { EventEmitter } from 'node:events';
import { makeWorkerUtils, run, type WorkerEvents, type WorkerUtils } from 'graphile-worker';
import type { Places, QueuePeer } from './queue-peer.js';

const name = 'noop';
/** As many connections as a process of Longhaul's has for its rows and its queues. */
const poolSize = 20;

/** graphile-worker: a job is a row, which is deleted at its end. */
export class GraphileWorkerPeer implements QueuePeer {
  private utils: Promise<WorkerUtils> | undefined;

  /** @param batched fetches and completes many at a time: faster, but a worker that is killed leaves more behind. */
  constructor(
    private readonly places: Places,
    private readonly batched: boolean,
  ) {}

  async prepare(): Promise<void> {
    await (await this.opened()).migrate();
  }

  async add(number: number): Promise<unknown> {
    return (await this.opened()).addJob(name, { n: number });
  }

  async addMany(numbers: readonly number[]): Promise<unknown> {
    return (await this.opened()).addJobs(numbers.map((n) => ({ identifier: name, payload: { n } })));
  }

  async work(concurrency: number, onEnd: () => void): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    events.on('job:complete', onEnd);
    const batches = { localQueue: { size: 10 * concurrency }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
    await run({
      connectionString: this.places.databaseUrl,
      events,
      noHandleSignals: true,
      taskList: { [name]: () => Promise.resolve() },
      preset: { worker: { concurrentJobs: concurrency, maxPoolSize: poolSize, ...(this.batched && batches) } },
    });
  }

  private opened(): Promise<WorkerUtils> {
    this.utils ??= makeWorkerUtils({ connectionString: this.places.databaseUrl, maxPoolSize: poolSize });
    return this.utils;
  }
}
