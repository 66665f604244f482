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
import { QuietLog } from './quiet-log.js';

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
    await Promise.all(this.processors.map(({ worker }) => worker.close()));
  }

  private async run(worker: Worker): Promise<void> {
    try {
      await worker.run();
    } catch (error) {
      this.quiet.warn(`Queue ${worker.name}: ${(error as Error).message}`);
    }
  }
}
