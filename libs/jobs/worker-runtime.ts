import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Worker } from 'bullmq';
import { CONFIG, type Config } from '@longhaul/config';
import type { JobProcessor } from './job-processor.js';
import { JobRunner } from './job-runner.js';
import { QueueConnection } from './queue-connection.js';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';

/** How long BullMQ may take to end its last deliveries. */
const closeMs = 3_000;

/** Nest token of the processors that this worker runs. */
export const PROCESSORS = Symbol('PROCESSORS');

/** Starts the BullMQ workers when the process is ready, and drains them before it ends. */
@Injectable()
export class WorkerRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(WorkerRuntime.name));
  /** False from the moment the process begins to stop. */
  accepting = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(PROCESSORS) private readonly processors: readonly JobProcessor[],
    private readonly runner: JobRunner,
    private readonly queue: QueueConnection,
  ) {}

  onApplicationBootstrap(): void {
    for (const { worker, kind } of this.processors) {
      if (worker.opts.autorun !== false) {
        throw new Error(`The processor of ${kind.name} must be declared with @Processor('${kind.name}', slotOptions).`);
      }
      worker.concurrency = this.config.WORKER_CONCURRENCY;
      worker.on('error', (error) => this.quiet.warn(`Queue ${kind.name}: ${error.message}`));
      void this.run(worker);
    }
    this.accepting = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.accepting = false;
    // `true`: do not wait here for the running ones; draining does, and makes them hand over in time.
    await Promise.all(this.processors.map(({ worker }) => worker.pause(true).catch(() => undefined)));
    await this.runner.drain();
    await this.close();
  }

  /** A BullMQ worker waits without end for a store that is gone; forced, it leaves its deliveries to be found stalled. */
  private async close(): Promise<void> {
    const reachable = await this.queue.probe().then(
      () => true,
      () => false,
    );
    const closed = Promise.all(this.processors.map(({ worker }) => worker.close(!reachable)));
    try {
      await withinTime(closed, closeMs, 'Closing the workers');
    } catch (error) {
      this.quiet.warn((error as Error).message);
      // Ends what they wait for: later shutdown hooks wait for the very same closing.
      await this.queue.close();
    }
  }

  private async run(worker: Worker): Promise<void> {
    try {
      await worker.run();
    } catch (error) {
      this.quiet.warn(`Queue ${worker.name}: ${(error as Error).message}`);
    }
  }
}
