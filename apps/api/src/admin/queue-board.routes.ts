import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BoardSessions } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { boardPath, QueueBoard } from '@longhaul/jobs';
import { CallerLimits } from '../limits/caller-limits.js';
import { Problem } from '../problems/problem.js';
import { sendProblem } from '../problems/problem.filter.js';
import { RefusalLog } from '../problems/refusal-log.js';
import { toProblem } from '../problems/to-problem.js';

/** Its own scripts and styles, and nothing of others: what it would fetch from elsewhere is refused. */
const policy = [
  "default-src 'none'",
  "base-uri 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
].join('; ');

/** The cookie is not sent along a chain that began elsewhere, so this page goes on by itself. */
const enter = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=.${boardPath.replace(/^\/admin/, '')}/"><title>Queues</title><p>One moment.`;

/**
 * Routes of the queue board. They are no Nest routes: its pages and calls are many, and one hook on the two routes that lead
 * to them guards whatever is behind, however the path is written. It runs before a body is read.
 */
@Injectable()
export class QueueBoardRoutes {
  private readonly refusals = new RefusalLog();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly host: HttpAdapterHost,
    private readonly board: QueueBoard,
    private readonly sessions: BoardSessions,
    private readonly limits: CallerLimits,
  ) {}

  /** Before the server listens. */
  register(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const onRequest = (request: FastifyRequest, reply: FastifyReply): Promise<void> => this.serve(request, reply);
    const handler = () => undefined;
    server.route({ method: 'GET', url: boardPath, onRequest, handler });
    server.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: `${boardPath}/*`, onRequest, handler });
  }

  private async serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const { ticket } = request.query as { readonly ticket?: unknown };
      if (request.method === 'GET' && request.routeOptions.url === boardPath && ticket !== undefined) {
        await this.enter(request, reply, ticket);
        return;
      }
      await this.admit(request, reply);
      await this.board.load();
    } catch (error) {
      const problem = toProblem(error);
      this.refusals.write(problem, request);
      sendProblem(problem, request, reply);
      return;
    }
    const headers = { ...reply.getHeaders(), 'content-security-policy': policy };
    reply.hijack();
    for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value as string | string[]);
    await this.board.answer(request.raw, reply.raw);
  }

  private async enter(request: FastifyRequest, reply: FastifyReply, ticket: unknown): Promise<void> {
    await this.limits.charge(request, reply);
    if (!(await this.sessions.open(reply, ticket, boardPath))) throw new Problem('unauthorized');
    await reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(enter);
  }

  /** Pages of others, also those of the same site, may not have a browser change anything; programs send neither header. */
  private isOwnPage({ method, headers }: FastifyRequest): boolean {
    const { origin, host } = headers;
    const fetchSite = headers['sec-fetch-site'];
    if (method === 'GET') return true;
    if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
    return (
      origin === undefined || origin === new URL(this.config.PUBLIC_URL).origin || URL.parse(origin)?.host === host
    );
  }

  /** @throws Problem unless an admin asks, and a page of the board. */
  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const { isAdmin } = await this.sessions.identify(request, reply);
      if (!isAdmin || !this.isOwnPage(request)) throw new Problem('forbidden');
    } finally {
      // Refused ones pay too, so that tokens cannot be tried out.
      await this.limits.charge(request, reply);
    }
  }
}
