import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Piscina } from 'piscina';

/**
 * Threads for work that never yields. Each call has a heap of its own limited to 256 MiB; aborting its signal
 * terminates the thread, so that even an endless loop ends.
 */
@Injectable()
export class CpuPool implements OnApplicationShutdown {
  private pool: Promise<Piscina> | null = null;

  /**
   * Runs the default export of a module in a thread.
   * @param module URL of the compiled module.
   * @throws an AbortError when the signal aborts, or whatever the function throws.
   */
  async run<Result>(module: URL, data: object, signal: AbortSignal): Promise<Result> {
    this.pool ??= makePool();
    const pool = await this.pool;
    return (await pool.run(data, { filename: module.href, signal })) as Result;
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.pool)?.destroy();
  }
}

/** Loaded for the first call: many workers never have one. */
async function makePool(): Promise<Piscina> {
  const { default: piscina } = await import('piscina');
  return new piscina.Piscina({
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: 10_000,
    // Neither the flags nor the secrets of this process are a thread's business.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
}
