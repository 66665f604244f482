import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule as PinoModule } from 'nestjs-pino';
import { destination, type DestinationStream, type LoggerOptions } from 'pino';
import { secretValues, type Config } from '@longhaul/config';
import { currentLogFields } from './log-fields.js';
import { censor, keepSecret, presentError, secretFields, withoutSecrets } from './secrets.js';
import { activeSpan } from './tracing.js';

/** Nest's own account of its start: dozens of lines that bury what an operator looks for. */
const startUpContexts = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** What a line says of where it belongs: request, job, attempt, trace. */
function logMixin(): object {
  const fields = currentLogFields();
  const span = activeSpan();
  if (span === undefined) return fields ?? {};
  return { ...fields, trace_id: span.traceId, span_id: span.spanId };
}

/** Lines on standard output, by pino: JSON, or for people to read where LOG_FORMAT says so. */
@Module({})
export class LoggerModule {
  static for(config: Config, app: string): DynamicModule {
    // Those that this process found by itself, such as a password of the embedded database, are among them.
    keepSecret(secretValues(config));
    return {
      module: LoggerModule,
      imports: [
        PinoModule.forRootAsync({
          useFactory: async () => ({
            pinoHttp: [optionsOf(config, app), await streamOf(config)],
            // Lines name their request by the mixin; a logger of its own for each request would cost more than the rest.
            forRoutes: [],
          }),
        }),
      ],
      exports: [PinoModule],
    };
  }
}

function optionsOf(config: Config, app: string): LoggerOptions {
  return {
    level: config.LOG_LEVEL,
    base: { app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretFields, censor },
    serializers: { err: presentError, error: presentError },
    hooks: {
      logMethod(args, method, level) {
        const { context } = (args[0] ?? {}) as { readonly context?: string };
        // 30 is pino's number for info; warnings of theirs are shown.
        if (level > 30 || context === undefined || !startUpContexts.has(context)) method.apply(this, args);
      },
      streamWrite: withoutSecrets,
    },
    mixin: logMixin,
  };
}

/** Where lines go. What makes them pretty is a package for development: without it they stay JSON. */
async function streamOf({ LOG_FORMAT: format }: Config): Promise<DestinationStream> {
  if (format === 'json') return destination(1);
  try {
    const { default: pretty } = await import('pino-pretty');
    return pretty({ ignore: 'pid,app', translateTime: 'SYS:HH:MM:ss.l', sync: true });
  } catch {
    process.stderr.write('LOG_FORMAT=pretty needs the package pino-pretty; lines are JSON.\n');
    return destination(1);
  }
}
