import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { JobProcessor } from './job-processor.js';
import { JobRunner } from './job-runner.js';
import { QuietLog } from './quiet-log.js';
import { PROCESSORS } from './worker-runtime.js';

/** How long a lane that found nothing waits before it looks again. */
const lookMs = 250;

/** The whole work of a process of the isolation lane: one job after the other, and never two at once. */
@Injectable()
export class IsolatedRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly quiet = new QuietLog(new Logger(IsolatedRuntime.name));
  private readonly stopping = new AbortController();

  constructor(
    @Inject(PROCESSORS) private readonly processors: readonly JobProcessor[],
    private readonly runner: JobRunner,
  ) {}

  onApplicationBootstrap(): void {
    process.send?.('ready');
    void this.work();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.runner.drain();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (!(await this.round())) await pause(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Serves each kind once; whether there was anything to do. */
  private async round(): Promise<boolean> {
    let served = false;
    for (const processor of this.processors) {
      try {
        served = (await this.runner.serveNext(processor)) || served;
      } catch (error) {
        this.quiet.warn(`No job for the lane: ${(error as Error).message}`);
      }
    }
    return served;
  }
}
