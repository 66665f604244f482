import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobProcessor } from './job-processor.js';
import { JobRunner } from './job-runner.js';
import { PROCESSORS } from './worker-runtime.js';

/**
 * The whole work of a process with WORKER_ONCE: one due job, without a doorbell. Doorbells of kinds that only such
 * processes run stay in the queue; no more than a thousand of a kind are ever kept waiting there (see Doorbells).
 */
@Injectable()
export class OnceRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OnceRuntime.name);
  private readonly worked = Promise.withResolvers<void>();

  constructor(
    @Inject(PROCESSORS) private readonly processors: readonly JobProcessor[],
    private readonly runner: JobRunner,
  ) {
    this.ended.catch(() => undefined);
  }

  /** Settles when there is nothing more to do: the job has ended, or none was due. Rejects when none could be taken. */
  get ended(): Promise<void> {
    return this.worked.promise;
  }

  onApplicationBootstrap(): void {
    this.work().then(this.worked.resolve, this.worked.reject);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.drain();
  }

  private async work(): Promise<void> {
    for (const processor of this.processors) if (await this.runner.serveNext(processor)) return;
    this.logger.log('Nothing is due');
  }
}
