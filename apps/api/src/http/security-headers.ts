import { fastifyCors } from '@fastify/cors';
import { fastifyHelmet } from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@longhaul/config';

/** Headers that scripts of other origins may read. */
const exposedHeaders = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Operation-Location',
  'Preference-Applied',
  'Queue-Position',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
];

/** An API answers data: nothing in it may load, run or be framed. Swagger UI overrides this for its own page. */
export async function registerSecurityHeaders(app: NestFastifyApplication, config: Config): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });
  if (config.CORS_ORIGINS.length === 0) return;
  await app.register(fastifyCors, {
    origin: config.CORS_ORIGINS,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders,
    maxAge: 600,
    hideOptionsRoute: true,
    strictPreflight: false,
  });
}
