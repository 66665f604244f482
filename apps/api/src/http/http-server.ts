import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '@longhaul/config';
import { Problem } from '../problems/problem.js';
import { sendProblem } from '../problems/problem.filter.js';
import { toProblem } from '../problems/to-problem.js';
import { sendErrorPage } from '../site/page-answer.js';
import { SiteSettings } from '../site/site-settings.js';
import { errorPage } from '../site/views/error.view.js';
import { registerBodyParsers } from './body-parsers.js';
import { answerClientError, refuseConnect, refuseExpectations } from './client-errors.js';
import { answerHead } from './head-routes.js';
import { KnownPaths } from './known-paths.js';
import { bodyLimit } from './limits.js';
import { observeRequests } from './observe-requests.js';
import { identityOf } from './request-identity.js';
import { securityHeaders } from './security-headers.js';

/** The HTTP server with its limits; everything that goes wrong below Nest answers problem+json all the same. */
export function createHttpServer(config: Config): { adapter: FastifyAdapter; paths: KnownPaths } {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, requireHostHeader: false },
    exposeHeadRoutes: false,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    // Ids that are no UUID are the route's business (404), however long they are.
    routerOptions: { maxParamLength: 16_384 },
    requestIdHeader: false,
    genReqId: (request) => identityOf(request).requestId,
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
    frameworkErrors: (error, request, reply) => refuseUndecoded(config, toProblem(error), request, reply),
  };
  const adapter = new FastifyAdapter(options as never);
  const server = adapter.getInstance<FastifyInstance>();
  const paths = new KnownPaths(server);
  answerHead(server);
  observeRequests(server);
  const ofEvery = { ...securityHeaders(), 'cache-control': 'no-store' };
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(ofEvery).header('x-request-id', request.id);
    done(refusal(request));
  });
  registerBodyParsers(server);
  refuseConnect(server.server);
  refuseExpectations(server.server);
  return { adapter, paths };
}

/** An address that cannot be decoded is no route's: whoever reads the site gets a page all the same. */
function refuseUndecoded(config: Config, problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  if (!/^\/site(\/|$)/.test(request.raw.url ?? '')) sendProblem(problem, request, reply);
  else sendErrorPage(reply, problem.status, errorPage(new SiteSettings(config), problem.status));
}

/** Requests that Node lets pass although HTTP/1.1 or this API does not. */
function refusal(request: FastifyRequest): Problem | undefined {
  const { headers, httpVersion, url } = request.raw;
  if (headers.host === undefined && httpVersion === '1.1') {
    return new Problem('malformed_request', 'The Host header is missing.');
  }
  return url?.startsWith('/') ? undefined : new Problem('malformed_request', 'The request target must be a path.');
}
