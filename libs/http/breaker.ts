import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';

export interface BreakerSettings {
  readonly failuresToOpen: number;
  readonly halfOpenAfterMs: number;
  /**
   * What an error says of the other side: `failed`; `healthy`, since it was a final answer; or `nothing`, mostly because
   * the caller gave up.
   */
  readonly verdict: (error: unknown) => 'failed' | 'healthy' | 'nothing';
  readonly onOpen: (failures: number) => void;
  readonly onClosed: () => void;
}

/** How a circuit breaker stands. */
export interface BreakerState {
  /** Host and port; for a server of models, the generator that asks it and the host. */
  readonly host: string;
  readonly state: Breaker['state'];
  /** When it came into this state. */
  readonly since: Date;
  /** Transient failures in a row. */
  readonly failures: number;
  /** When the next request is let through, if the circuit is open. */
  readonly openUntil: Date | null;
}

/** The circuit is open: nothing was asked. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  constructor(
    /** When one request will be let through, in milliseconds from now. */
    readonly retryAfter: number,
  ) {
    super('The circuit is open.');
  }
}

/**
 * A circuit breaker: after some failures in a row its circuit opens and requests fail at once; after a while one is let
 * through, and its fate decides. A trial of which nothing is learnt keeps the circuit open.
 */
export class Breaker {
  private readonly policy: CircuitBreakerPolicy;
  private failed = 0;
  private until = 0;
  private changedAt = new Date();

  constructor(private readonly settings: BreakerSettings) {
    const { failuresToOpen, halfOpenAfterMs } = settings;
    this.policy = circuitBreaker(
      handleWhen((error) => settings.verdict(error) === 'failed' || this.policy.state === CircuitState.HalfOpen),
      { halfOpenAfter: halfOpenAfterMs, breaker: new ConsecutiveBreaker(failuresToOpen) },
    );
    this.policy.onFailure(({ handled }) => handled && this.failed++);
    this.policy.onBreak(() => {
      this.until = Date.now() + halfOpenAfterMs;
      settings.onOpen(this.failed);
    });
    this.policy.onReset(() => settings.onClosed());
    this.policy.onStateChange(() => (this.changedAt = new Date()));
  }

  get state(): 'closed' | 'open' | 'half_open' {
    if (this.policy.state === CircuitState.Closed) return 'closed';
    return this.policy.state === CircuitState.HalfOpen ? 'half_open' : 'open';
  }

  /** Failures in a row. */
  get failures(): number {
    return this.failed;
  }

  /** @param host whose breaker it is. */
  stateOf(host: string): BreakerState {
    const { state, changedAt: since, failures } = this;
    return { host, state, since, failures, openUntil: state === 'open' ? new Date(this.until) : null };
  }

  /** @throws CircuitOpenError, or whatever the request throws. */
  async execute<T>(request: () => Promise<T>): Promise<T> {
    const outcome = await this.policy
      .execute(() => this.settleHealthy(request))
      .catch((error: unknown) => {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new CircuitOpenError(Math.max(0, this.until - Date.now()));
      });
    this.failed = 0;
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.value;
  }

  /** A final refusal goes round the breaker as a value, so that it counts as the success of the other side that it is. */
  private async settleHealthy<T>(request: () => Promise<T>): Promise<{ value: T } | { refusal: unknown }> {
    try {
      return { value: await request() };
    } catch (error) {
      if (this.settings.verdict(error) === 'healthy') return { refusal: error };
      throw error;
    }
  }
}
