import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusalLog } from '../problems/refusal-log.js';
import { toProblem } from '../problems/to-problem.js';
import { sendErrorPage } from './page-answer.js';
import { SiteSettings } from './site-settings.js';
import { errorPage } from './views/error.view.js';

/** People get a page instead of a problem document, with the same status and headers. */
@Catch()
export class SiteErrorFilter implements ExceptionFilter {
  private readonly refusals = new RefusalLog();

  constructor(private readonly site: SiteSettings) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error);
    this.refusals.write(problem, request);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply.headers(problem.headers);
    sendErrorPage(reply, problem.status, errorPage(this.site, problem.status));
  }
}
