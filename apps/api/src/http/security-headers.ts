import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { fastifyCors } from '@fastify/cors';
import helmet from 'helmet';
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
const protect = helmet({
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

/** The headers of every answer. They depend on no request, so helmet is asked for them once. */
export function securityHeaders(): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  protect(request, response, (error?: unknown) => {
    if (error !== undefined) throw error as Error;
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** Scripts of the configured origins may call, and read what clients need. */
export async function allowOrigins(app: NestFastifyApplication, config: Config): Promise<void> {
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
