import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityOf } from '../http/request-identity.js';
import { clientNetwork } from '../limits/client-network.js';
import { instanceOf } from './present-problem.js';
import type { Problem } from './problem.js';

const linesPerSecond = 50;

/** One log line per refused request; a flood is counted instead of logged. */
export class RefusalLog {
  private readonly logger = new Logger('http');
  /** Of their own: refusals in plenty must not hide an error of ours. */
  private readonly budgets = { internal: new LineBudget(), refused: new LineBudget() };

  write(problem: Problem, request: FastifyRequest): void {
    const entry = this.entry(problem, request);
    const { may, skipped } = this.budgets[problem.code === 'internal' ? 'internal' : 'refused'].take();
    if (skipped > 0) this.logger.warn({ event: 'refusals_not_logged', count: skipped }, 'refusals not logged');
    if (!may) return;
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
      client: clientNetwork(request.ip),
      request_id: requestId,
      trace_id: traceId,
    };
  }
}

/** So many lines a second; the rest is counted. */
class LineBudget {
  private second = 0;
  private lines = 0;
  private skipped = 0;

  /** Whether one more line may be written, and how many were not in the last second that had any. */
  take(): { readonly may: boolean; readonly skipped: number } {
    const second = Math.floor(Date.now() / 1000);
    const skipped = second === this.second ? 0 : this.skipped;
    if (second !== this.second) {
      this.second = second;
      this.lines = 0;
      this.skipped = 0;
    }
    this.lines += 1;
    if (this.lines > linesPerSecond) this.skipped += 1;
    return { may: this.lines <= linesPerSecond, skipped };
  }
}

function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message || cause.name : undefined;
}
