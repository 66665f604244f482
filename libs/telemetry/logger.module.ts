import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule as PinoModule } from 'nestjs-pino';
import type { Config } from '@longhaul/config';

/** Fields whose values never reach a log line. */
const secretFields = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  '*.password',
  '*.access_token',
  '*.refresh_token',
  '*.ticket',
  '*.apiKey',
];

/** Nest's own account of its start: dozens of lines that bury what an operator looks for. */
const startUpContexts = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** JSON lines on standard output, by pino; URLs are logged without their query. */
@Module({})
export class LoggerModule {
  static for(config: Config, app: string): DynamicModule {
    return {
      module: LoggerModule,
      imports: [
        PinoModule.forRoot({
          pinoHttp: {
            level: config.LOG_LEVEL,
            base: { app, pid: process.pid },
            timestamp: () => `,"time":"${new Date().toISOString()}"`,
            formatters: { level: (label: string) => ({ level: label }) },
            redact: { paths: secretFields, censor: '[redacted]' },
            hooks: {
              logMethod(args, method, level) {
                const { context } = (args[0] ?? {}) as { readonly context?: string };
                // 30 is pino's number for info; warnings of theirs are shown.
                if (level > 30 || context === undefined || !startUpContexts.has(context)) method.apply(this, args);
              },
            },
            autoLogging: false,
            quietReqLogger: true,
          },
        }),
      ],
      exports: [PinoModule],
    };
  }
}
