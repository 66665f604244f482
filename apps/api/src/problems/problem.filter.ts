import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { count } from '@longhaul/telemetry';
import { CallerLimits } from '../limits/caller-limits.js';
import { presentProblem } from './present-problem.js';
import { Problem } from './problem.js';
import { RefusalLog } from './refusal-log.js';
import { toProblem } from './to-problem.js';

/** Sends a problem document with the headers that belong to it. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const document = presentProblem(problem, request.raw);
  count('longhaul_http_problems_total', { code: problem.code });
  if (problem.status === 401 && !reply.hasHeader('www-authenticate')) void reply.header('www-authenticate', 'Bearer');
  void reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', 'x-request-id': document.request_id, ...problem.headers })
    .removeHeader('etag')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(document);
}

/** The only place where errors become HTTP. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');
  private readonly refusals = new RefusalLog();

  constructor(private readonly limits: CallerLimits) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = hasHungUp(error, request) ? new Problem('malformed_request') : toProblem(error);
    this.answer(problem, request, reply).catch((failure: unknown) => {
      this.logger.error({ event: 'answer_failed' }, failure instanceof Error ? failure.stack : String(failure));
      reply.raw.destroy();
    });
  }

  private async answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const refusedByAuth = problem.status === 401 || problem.status === 403;
    const final = refusedByAuth ? await this.charge(problem, request, reply) : problem;
    this.refusals.write(final, request);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    sendProblem(final, request, reply);
  }

  /** Calls refused before the limit's guard ran cost a point too, so that tokens cannot be tried out. */
  private async charge(problem: Problem, request: FastifyRequest, reply: FastifyReply): Promise<Problem> {
    if (reply.hasHeader('ratelimit')) return problem;
    return this.limits.charge(request, reply).then(
      () => problem,
      (error: unknown) => toProblem(error),
    );
  }
}

/** Nobody waits for the answer; it was not the database that hung up. */
function hasHungUp(error: unknown, { raw }: FastifyRequest): boolean {
  return !raw.complete && raw.destroyed && (error as { code?: unknown } | null)?.code === 'ECONNRESET';
}
