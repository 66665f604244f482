import { Logger } from '@nestjs/common';
import { Breaker, CircuitOpenError, type BreakerState } from './breaker.js';
import { OutboundError } from './outbound-error.js';

const mostHosts = 1_000;

/**
 * One circuit breaker for each host: after some transient failures in a row its circuit opens and requests fail at
 * once; after a while one request is let through, and its fate decides. Only transient failures count; any answer
 * that is final, such as a 404, shows a healthy host.
 */
export class HostBreakers {
  private readonly logger = new Logger(HostBreakers.name);
  private readonly byHost = new Map<string, Breaker>();

  constructor(
    private readonly failuresToOpen = 5,
    private readonly halfOpenAfterMs = 60_000,
  ) {}

  /** @throws OutboundError `circuit_open`, or whatever `request` throws. */
  async execute<T>(host: string, request: () => Promise<T>): Promise<T> {
    try {
      return await this.of(host).execute(request);
    } catch (error) {
      if (!(error instanceof CircuitOpenError)) throw error;
      const { retryAfter } = error;
      throw new OutboundError('circuit_open', `${host} failed too often in a row; it is left alone for a while.`, {
        retryAfter,
      });
    }
  }

  /** All hosts asked lately. */
  states(): BreakerState[] {
    return [...this.byHost].map(([host, breaker]) => breaker.stateOf(host));
  }

  private of(host: string): Breaker {
    const known = this.byHost.get(host);
    if (known) return known;
    this.forgetOne();
    const breaker = new Breaker({
      failuresToOpen: this.failuresToOpen,
      halfOpenAfterMs: this.halfOpenAfterMs,
      verdict: (error) => (!(error instanceof OutboundError) ? 'nothing' : error.transient ? 'failed' : 'healthy'),
      onOpen: (failures) => this.logger.warn({ msg: 'Circuit opened', host, failures }),
      onClosed: () => this.logger.log({ msg: 'Circuit closed', host }),
    });
    this.byHost.set(host, breaker);
    return breaker;
  }

  /** Keeps the table bounded: the oldest healthy host goes, or else the oldest. */
  private forgetOne(): void {
    if (this.byHost.size < mostHosts) return;
    const healthy = [...this.byHost].find(([, { failures }]) => failures === 0);
    const [oldest] = healthy ?? [...this.byHost][0];
    this.byHost.delete(oldest);
  }
}
