import { fork, type ChildProcess } from 'node:child_process';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { childEnvironment, CONFIG, type Config } from '@longhaul/config';
import { countForwarded } from '@longhaul/telemetry';
import type { JobProcessor } from './job-processor.js';
import { JobReader } from './job.reader.js';
import { QuietLog } from './quiet-log.js';
import { PROCESSORS } from './worker-runtime.js';

/** How often isolated jobs are looked for. */
const lookMs = 500;
/** How long lanes stay when there is nothing for them. */
const idleMs = 30_000;
/** A lane that ended is not started again sooner, or one that cannot start would be started for ever. */
const restartMs = 1_000;
/** A lane that is not ready by then never will be. */
const startMs = 60_000;
/** How much longer than DRAIN_SECONDS a lane may take to end; less than the worker itself has. */
const obeyMs = 10_000;

/**
 * Starts processes for the isolation lane while there are jobs for it, and stops them afterwards. Each is this very
 * worker once more, with `WORKER_LANE=isolated`, and ends with this process: by SIGTERM, or when its channel closes.
 */
@Injectable()
export class LaneSupervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LaneSupervisor.name);
  private readonly quiet = new QuietLog(this.logger);
  private readonly lanes = new Set<ChildProcess>();
  private readonly kinds: readonly string[];
  /** The one that has not said yet that it is ready. */
  private starting: ChildProcess | null = null;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private looking = false;
  private neededAt = 0;
  private endedAt = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(PROCESSORS) processors: readonly JobProcessor[],
    private readonly reader: JobReader,
  ) {
    this.kinds = processors.map(({ kind }) => kind.name);
  }

  onApplicationBootstrap(): void {
    if (this.config.ISOLATED_LANES > 0) this.timer = setInterval(() => void this.look(), lookMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    const patienceMs = this.config.DRAIN_SECONDS * 1000 + obeyMs;
    await Promise.all([...this.lanes].map((lane) => stopped(lane, patienceMs)));
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      this.adjust(await this.reader.isolated(this.kinds));
    } catch (error) {
      this.quiet.warn(`Isolated jobs not looked for: ${(error as Error).message}`);
    } finally {
      this.looking = false;
    }
  }

  private adjust({ due, running }: { readonly due: number; readonly running: number }): void {
    const now = performance.now();
    if (due + running > 0) this.neededAt = now;
    if (now - this.neededAt > idleMs) this.lanes.forEach((lane) => lane.kill('SIGTERM'));
    if (due === 0 || this.stopped || now - this.endedAt < restartMs) return;
    // One after the other: the first may be all that is needed, and many that start at once keep each other from it.
    if (this.starting === null && this.lanes.size < Math.min(due + running, this.config.ISOLATED_LANES))
      this.startLane();
  }

  private startLane(): void {
    const [, program = ''] = process.argv;
    const lane = fork(program, { env: childEnvironment(this.config, { WORKER_LANE: 'isolated' }) });
    this.lanes.add(lane);
    this.starting = lane;
    const started = () => (this.starting === lane ? (this.starting = null) : undefined);
    lane.on('message', (message) => (message === 'ready' ? started() : countForwarded(message)));
    const tooLate = setTimeout(() => this.starting === lane && lane.kill('SIGKILL'), startMs);
    this.logger.log(`Lane for isolated jobs started (pid ${lane.pid ?? 'unknown'})`);
    lane.on('error', (error) => this.quiet.warn(`Lane: ${error.message}`));
    lane.once('close', (code, signal) => {
      started();
      clearTimeout(tooLate);
      this.lanes.delete(lane);
      this.endedAt = performance.now();
      if (code !== 0) this.logger.warn(`Lane for isolated jobs (pid ${lane.pid}) ended by ${signal ?? `code ${code}`}`);
    });
  }
}

/** Ends a lane: by SIGTERM, and when it does not obey in time, because it is blocked or frozen, by SIGKILL. */
async function stopped(lane: ChildProcess, patienceMs: number): Promise<void> {
  if (lane.exitCode !== null || lane.signalCode !== null) return;
  const closed = new Promise((resolve) => lane.once('close', resolve));
  lane.kill('SIGTERM');
  const tooLate = setTimeout(() => lane.kill('SIGKILL'), patienceMs);
  await closed;
  clearTimeout(tooLate);
}
