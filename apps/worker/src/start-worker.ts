import 'reflect-metadata';
import { Logger as AppLogger, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { loadConfig, type Config } from '@longhaul/config';
import { OnceRuntime } from '@longhaul/jobs/worker';
import { migrate, provideDatabase, type ProvidedDatabase } from '@longhaul/persistence';
import { startTelemetry } from '@longhaul/telemetry';
import { startWatchdog } from './watchdog.js';
import { answersHealth, shippedKinds, WorkerModule, type WorkerKinds } from './worker.module.js';

/**
 * Starts one worker process; on SIGTERM or SIGINT it drains and ends: with exit code 1 when that fails or takes too long.
 * @param kinds what can be run; WORKER_KINDS chooses among them.
 */
export async function startWorker(kinds: WorkerKinds = shippedKinds): Promise<void> {
  const settings = loadConfig();
  const stopTelemetry = await startTelemetry(settings, 'worker');
  const provided = await provideDatabase(settings);
  const database = { ...provided, release: () => stopTelemetry().then(provided.release) };
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
  const isLane = config.WORKER_LANE === 'isolated';
  if (config.MIGRATE_ON_START) await migrate(config);
  // A lane whose worker has died must not take a job first.
  if (isLane && !process.connected) return database.release();
  startWatchdog(config.WATCHDOG_SECONDS);
  const starting = startApp(config, kinds);
  // It takes jobs before its start is over: whoever ends it meanwhile waits for that, and then for the jobs.
  const stop = stopOnce(starting, database);
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
  // A lane does not outlive the worker that started it.
  if (isLane) process.on('disconnect', () => void stop('The worker is gone'));
  const app = await starting;
  const logger = app.get(Logger);
  if (isLane && !process.connected) return stop('The worker is gone');
  if (config.WORKER_ONCE) {
    await app.get(OnceRuntime).ended;
    return stop('One job');
  }
  logger.log(isLane ? 'Lane for isolated jobs ready' : `Worker ready (queues on ${config.QUEUE_BACKEND})`);
}

/** Only a worker with health routes has an HTTP server, and loads one. */
async function startApp(config: Config, kinds: WorkerKinds): Promise<INestApplicationContext> {
  const module = WorkerModule.for(config, kinds);
  // Nest would end the process by itself, before the database is released; of its lines the error says enough then.
  const options = { bufferLogs: true, autoFlushLogs: false, abortOnError: false };
  if (!answersHealth(config) || config.WORKER_HEALTH_PORT === 0) {
    const app = await NestFactory.createApplicationContext(module, options);
    app.useLogger(app.get(Logger));
    app.flushLogs();
    return app;
  }
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), options);
  app.useLogger(app.get(Logger));
  app.flushLogs();
  await app.listen(config.WORKER_HEALTH_PORT, config.WORKER_HEALTH_HOST);
  return app;
}

/** What ends the process in order; from the second call on it does nothing. */
function stopOnce(
  starting: Promise<INestApplicationContext>,
  { config, release }: ProvidedDatabase,
): (why: string) => Promise<void> {
  const logger = new AppLogger();
  let stopping = false;
  return async (why) => {
    if (stopping) return;
    stopping = true;
    logger.log(`${why}: draining, for ${config.DRAIN_SECONDS} s at most`);
    setTimeout(() => {
      logger.error('Not stopped in time: what still ran is recovered when its lease has run out.');
      process.exit(1);
    }, mostStopMs(config.DRAIN_SECONDS));
    try {
      await (await starting).close();
      await release();
    } catch (error) {
      logger.error(error, 'Not stopped cleanly');
      process.exit(1);
    }
    process.exit(0);
  };
}
