import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { loadConfig } from '@longhaul/config';
import { migrate, provideDatabase, type ProvidedDatabase } from '@longhaul/persistence';
import { startWatchdog } from './watchdog.js';
import { shippedKinds, WorkerModule, type WorkerKinds } from './worker.module.js';

/**
 * Starts one worker process; on SIGTERM or SIGINT it drains and ends: with exit code 1 when that fails or takes too long.
 * @param kinds what can be run; WORKER_KINDS chooses among them.
 */
export async function startWorker(kinds: WorkerKinds = shippedKinds): Promise<void> {
  const database = await provideDatabase(loadConfig());
  try {
    await run(database, kinds);
  } catch (error) {
    await database.release();
    throw error;
  }
}

/** Handlers have five seconds to obey, and the stores that are gone a few more; then nothing is worth waiting for. */
const mostStopMs = (drainSeconds: number): number => (drainSeconds + 15) * 1000;

async function run(database: ProvidedDatabase, kinds: WorkerKinds): Promise<void> {
  const { config } = database;
  if (config.MIGRATE_ON_START) await migrate(config);
  const module = WorkerModule.for(config, kinds);
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    bufferLogs: true,
    // Nest would end the process here, before the database is released.
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);

  startWatchdog(config.WATCHDOG_SECONDS);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.log(`${signal}: draining, for ${config.DRAIN_SECONDS} s at most`);
    setTimeout(() => {
      logger.error('Not stopped in time: what still ran is recovered when its lease has run out.');
      process.exit(1);
    }, mostStopMs(config.DRAIN_SECONDS));
    try {
      await app.close();
      await database.release();
    } catch (error) {
      logger.error(error, 'Not stopped cleanly');
      process.exit(1);
    }
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  // A lane does not outlive the worker that started it.
  if (config.WORKER_LANE === 'isolated') {
    process.on('disconnect', () => void stop('The worker is gone'));
    if (!process.connected) return stop('The worker is gone');
  }

  if (config.WORKER_LANE === 'isolated') {
    await app.init();
    logger.log('Lane for isolated jobs ready');
    return;
  }
  if (config.WORKER_HEALTH_PORT > 0) await app.listen(config.WORKER_HEALTH_PORT, config.WORKER_HEALTH_HOST);
  else await app.init();
  logger.log(`Worker ready (queues on ${config.QUEUE_BACKEND})`);
}
