import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityOf } from '../http/request-identity.js';
import { instanceOf } from './present-problem.js';
import type { Problem } from './problem.js';

const linesPerSecond = 50;

/** One log line per refused request; a flood is counted instead of logged. */
export class RefusalLog {
  private readonly logger = new Logger('http');
  private second = 0;
  private lines = 0;
  private skipped = 0;

  write(problem: Problem, request: FastifyRequest): void {
    const entry = this.entry(problem, request);
    if (!this.mayWrite()) return;
    if (problem.code === 'internal') {
      const { cause } = problem;
      this.logger.error(entry, cause instanceof Error ? cause.stack : String(cause));
      return;
    }
    if (problem.status >= 500) this.logger.warn({ ...entry, cause: messageOf(problem.cause) }, 'request refused');
    else this.logger.log(entry, 'request refused');
  }

  private entry(problem: Problem, request: FastifyRequest): Record<string, unknown> {
    const { requestId, traceId } = identityOf(request.raw);
    const { subject } = (request as { user?: { subject?: string } }).user ?? {};
    return {
      event: 'request_refused',
      method: request.method,
      path: instanceOf(request.raw.url ?? '/'),
      status: problem.status,
      code: problem.code,
      subject,
      request_id: requestId,
      trace_id: traceId,
    };
  }

  private mayWrite(): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.second) {
      if (this.skipped > 0)
        this.logger.warn({ event: 'refusals_not_logged', count: this.skipped }, 'refusals not logged');
      this.second = second;
      this.lines = 0;
      this.skipped = 0;
    }
    this.lines += 1;
    if (this.lines > linesPerSecond) this.skipped += 1;
    return this.lines <= linesPerSecond;
  }
}

function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message || cause.name : undefined;
}
