import { Logger } from '@nestjs/common';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { OutboundError } from './outbound-error.js';

/** How the circuit breaker of one host stands. */
export interface BreakerState {
  /** Host and port. */
  readonly host: string;
  readonly state: 'closed' | 'open' | 'half_open';
  /** Transient failures in a row. */
  readonly failures: number;
  /** When the next request is let through, if the circuit is open. */
  readonly openUntil: Date | null;
}

interface Breaker {
  readonly policy: CircuitBreakerPolicy;
  failures: number;
  openUntil: number | null;
}

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
    const breaker = this.of(host);
    // A final refusal goes round the breaker as a value, so that it counts as the success of the host that it is.
    const outcome = await breaker.policy
      .execute(() => settleFinal(request))
      .catch((error: unknown) => {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new OutboundError('circuit_open', `${host} failed too often in a row; it is left alone for a while.`, {
          retryAfter: Math.max(0, (breaker.openUntil ?? 0) - Date.now()),
        });
      });
    breaker.failures = 0;
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.value;
  }

  /** All hosts asked lately, those with trouble first. */
  states(): BreakerState[] {
    return [...this.byHost]
      .map(([host, { policy, failures, openUntil }]) => ({
        host,
        state: nameOf(policy.state),
        failures,
        openUntil: policy.state === CircuitState.Open && openUntil !== null ? new Date(openUntil) : null,
      }))
      .sort((a, b) => b.failures - a.failures);
  }

  private of(host: string): Breaker {
    const known = this.byHost.get(host);
    if (known) return known;
    this.forgetOne();
    const policy: CircuitBreakerPolicy = circuitBreaker(
      // Of the rest (mostly: the caller gave up) nothing is learnt; only a trial that proves nothing keeps it open.
      handleWhen((error) =>
        error instanceof OutboundError ? error.transient : policy.state === CircuitState.HalfOpen,
      ),
      { halfOpenAfter: this.halfOpenAfterMs, breaker: new ConsecutiveBreaker(this.failuresToOpen) },
    );
    const breaker: Breaker = { policy, failures: 0, openUntil: null };
    policy.onFailure(({ handled }) => handled && breaker.failures++);
    policy.onBreak(() => {
      breaker.openUntil = Date.now() + this.halfOpenAfterMs;
      this.logger.warn({ msg: 'Circuit opened', host, failures: breaker.failures });
    });
    policy.onReset(() => this.logger.log({ msg: 'Circuit closed', host }));
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

async function settleFinal<T>(request: () => Promise<T>): Promise<{ value: T } | { refusal: OutboundError }> {
  try {
    return { value: await request() };
  } catch (error) {
    if (error instanceof OutboundError && !error.transient) return { refusal: error };
    throw error;
  }
}

function nameOf(state: CircuitState): BreakerState['state'] {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half_open' : 'open';
}
