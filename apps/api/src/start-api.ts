import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { loadConfig, type Config } from '@longhaul/config';
import type { KindDefinition } from '@longhaul/jobs';
import { definitions as shipped } from '@longhaul/kinds';
import { migrate, provideDatabase } from '@longhaul/persistence';
import { startTelemetry } from '@longhaul/telemetry';
import { QueueBoardRoutes } from './admin/queue-board.routes.js';
import { ApiModule } from './api.module.js';
import { ConsoleRoutes } from './console/console.routes.js';
import { createHttpServer } from './http/http-server.js';
import { trackUnusedConnections } from './http/unused-connections.js';
import { allowOrigins } from './http/security-headers.js';
import { CallerLimitGuard } from './limits/caller-limit.guard.js';
import { ApiDocument } from './openapi/api-document.js';

/** Longest time that a stop may take, in milliseconds. */
const stopMs = 15_000;

/**
 * Starts the api: database, schema, HTTP. SIGTERM and SIGINT end it: streams first, then the server, then the database.
 * @param definitions the kinds that can be submitted.
 * @throws Error with a message for people when it cannot start.
 */
export async function startApi(definitions: readonly KindDefinition[] = shipped): Promise<void> {
  const settings = loadConfig();
  const stopTelemetry = await startTelemetry(settings, 'api');
  const database = await provideDatabase(settings);
  const config = { ...database.config };
  try {
    if (config.MIGRATE_ON_START) await migrate(config);
    const app = await makeApi(config, definitions);
    const closeUnused = trackUnusedConnections(app.getHttpServer());
    stopOnSignals(async () => {
      const closing = app.close();
      closeUnused();
      await closing;
      await stopTelemetry();
      await database.release();
    });
    await listen(app, config);
  } catch (error) {
    await database.release();
    throw error;
  }
}

/** The application, ready to listen. One that cannot be made leaves nothing open. */
export async function makeApi(
  config: Config,
  definitions: readonly KindDefinition[] = shipped,
): Promise<NestFastifyApplication> {
  const { adapter, paths } = createHttpServer(config);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.for(config, definitions), adapter, {
    bodyParser: false,
    bufferLogs: true,
    // Of an app that cannot be made the error says enough.
    autoFlushLogs: false,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs();
  await allowOrigins(app, config);
  // After the guards of libs/auth, which say who the caller is.
  app.useGlobalGuards(app.get(CallerLimitGuard));
  app.get(ApiDocument).describe(app);
  if (config.QUEUE_BOARD !== 'off') app.get(QueueBoardRoutes).register();
  app.get(ConsoleRoutes).register();
  try {
    await app.init();
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  paths.answerOtherMethods();
  return app;
}

async function listen(
  app: NestFastifyApplication,
  config: { -readonly [K in keyof Config]: Config[K] },
): Promise<void> {
  try {
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `port ${config.PORT} of ${config.HOST} is in use: set PORT to another one, or to 0 for a free one.`,
    );
  }
  const url = await app.getUrl();
  // Only now is it known which port 0 stands for.
  if (config.PUBLIC_URL === 'http://localhost:0') config.PUBLIC_URL = `http://localhost:${new URL(url).port}`;
  process.stdout.write(`Longhaul API listens on ${url}\n`);
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMs).unref();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`The api did not stop cleanly: ${error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
