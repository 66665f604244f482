import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  contextOf,
  count,
  isCounting,
  isTracing,
  observe,
  startSpan,
  traceparentOf,
  withLogFields,
} from '@longhaul/telemetry';
import { identityOf, joinTrace } from './request-identity.js';

/** Other methods are a label together: clients can make up as many as there are. */
const usualMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Where a request stands in its trace. */
const contexts = new WeakMap<IncomingMessage, Context>();

/**
 * Counts requests when they have ended, makes a span of each, and names it in every line that is logged on its behalf. To
 * be called before other hooks are added.
 */
export function observeRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (isTracing() && !routeOf(request).startsWith('/health')) trackSpan(request, reply);
    if (isCounting()) {
      const since = performance.now();
      reply.raw.once('close', () => countRequest(request, reply, (performance.now() - since) / 1000));
    }
    goOn(request.raw, done);
  });
  // A body arrives in turns of the event loop that belong to its socket.
  server.addHook('preValidation', (request, _reply, done) => goOn(request.raw, done));
}

function goOn(request: IncomingMessage, done: () => void): void {
  const { requestId, traceId } = identityOf(request);
  const inContext = contexts.get(request);
  const next = inContext === undefined ? done : () => context.with(inContext, done);
  withLogFields({ request_id: requestId, trace_id: traceId }, next);
}

function trackSpan(request: FastifyRequest, reply: FastifyReply): void {
  const { method } = request;
  const route = request.routeOptions.url;
  const parent = contextOf(request.headers.traceparent as string | undefined);
  const span = startSpan(route === undefined ? method : `${method} ${route}`, {
    parent,
    kind: SpanKind.SERVER,
    attributes: {
      'http.request.method': method,
      'url.path': request.raw.url?.split('?', 1)[0],
      ...(route !== undefined && { 'http.route': route }),
    },
  });
  const { traceId } = span.spanContext();
  joinTrace(request.raw, traceId, traceparentOf(span.spanContext()));
  contexts.set(request.raw, trace.setSpan(parent, span));
  reply.raw.once('close', () => endSpan(span, reply.raw));
}

function endSpan(span: Span, response: ServerResponse): void {
  if (response.headersSent) span.setAttribute('http.response.status_code', response.statusCode);
  if (!response.headersSent || response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
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
