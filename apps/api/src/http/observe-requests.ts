import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { count, isCounting, observe } from '@longhaul/telemetry';

/** Other methods are a label together: clients can make up as many as there are. */
const usualMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts requests when they have ended. To be called before other hooks are added. */
export function observeRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (isCounting()) {
      const since = performance.now();
      reply.raw.once('close', () => countRequest(request, reply, (performance.now() - since) / 1000));
    }
    done();
  });
}

function countRequest(request: FastifyRequest, { raw }: FastifyReply, seconds: number): void {
  const route = routeOf(request);
  const method = usualMethods.has(request.method) ? request.method : 'other';
  count('longhaul_http_requests_total', { route, method, status: statusClassOf(raw) });
  // Who asks to wait gets what he asks for: that time says nothing of the api.
  if (request.headers.prefer === undefined) observe('longhaul_http_request_duration_seconds', { route }, seconds);
}

/** The pattern, never the path: clients can make up as many paths as they like. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}

function statusClassOf(response: ServerResponse): string {
  return response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
}
