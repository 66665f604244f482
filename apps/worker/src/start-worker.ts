import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { loadConfig } from '@longhaul/config';
import { migrate, provideDatabase, type ProvidedDatabase } from '@longhaul/persistence';
import { WorkerModule } from './worker.module.js';

/** Starts one worker process; it ends with exit code 0 on SIGTERM or SIGINT, after draining. */
export async function startWorker(): Promise<void> {
  const database = await provideDatabase(loadConfig());
  try {
    await run(database);
  } catch (error) {
    await database.release();
    throw error;
  }
}

async function run(database: ProvidedDatabase): Promise<void> {
  const { config } = database;
  if (config.MIGRATE_ON_START) await migrate(config);
  const module = WorkerModule.for(config);
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { bufferLogs: true });
  const logger = app.get(Logger);
  app.useLogger(logger);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.log(`${signal}: draining`);
    await app.close();
    await database.release();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  if (config.WORKER_HEALTH_PORT > 0) await app.listen(config.WORKER_HEALTH_PORT, config.WORKER_HEALTH_HOST);
  else await app.init();
  logger.log(`Worker ready (queues on ${config.QUEUE_BACKEND})`);
}
