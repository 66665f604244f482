import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** What is left for one caller after one more call. */
export interface Taken {
  readonly allowed: boolean;
  /** Calls left in this window. */
  readonly remaining: number;
  /** Seconds until the window ends, 1 at least. */
  readonly resetSeconds: number;
}

interface Budget {
  /** Points leased from the store and not yet used here. */
  left: number;
  /** Points leased by all processes, as last seen. */
  consumed: number;
  expiresAt: number;
}

/** Fewer budgets than this are not worth a sweep. */
const fewBudgets = 10_000;

/**
 * Budgets of one limit class, leased from the shared store in portions of 1 %, so that most requests need no round
 * trip. Never more than the quota is given out over all processes; what one process leased and did not use is lost
 * to the others until the window ends.
 */
export class BudgetLease {
  private readonly budgets = new Map<string, Budget>();
  private readonly refills = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, number>();
  private sweepAbove = fewBudgets;

  constructor(
    private readonly store: Pick<RateLimiterAbstract, 'consume'>,
    private readonly quota: number,
    private readonly portion = Math.max(1, Math.floor(quota / 100)),
  ) {}

  /** Takes one point. @throws what the store throws when it and its insurance both fail. */
  async take(key: string): Promise<Taken> {
    this.waiting.set(key, (this.waiting.get(key) ?? 0) + 1);
    try {
      for (;;) {
        const taken = this.takeLeased(key);
        if (taken !== null) return taken;
        await this.refill(key);
      }
    } finally {
      const others = (this.waiting.get(key) ?? 1) - 1;
      if (others > 0) this.waiting.set(key, others);
      else this.waiting.delete(key);
    }
  }

  private takeLeased(key: string): Taken | null {
    const budget = this.budgets.get(key);
    const milliseconds = (budget?.expiresAt ?? 0) - Date.now();
    if (budget === undefined || milliseconds <= 0) return null;
    const resetSeconds = Math.max(1, Math.ceil(milliseconds / 1000));
    if (budget.left > 0) {
      budget.left -= 1;
      return { allowed: true, remaining: Math.max(0, this.quota - budget.consumed) + budget.left, resetSeconds };
    }
    return budget.consumed >= this.quota ? { allowed: false, remaining: 0, resetSeconds } : null;
  }

  /** One refill at a time for a key: concurrent callers share it, and it asks for enough for all of them. */
  private refill(key: string): Promise<void> {
    let running = this.refills.get(key);
    if (running === undefined) {
      running = this.lease(key).finally(() => this.refills.delete(key));
      this.refills.set(key, running);
    }
    return running;
  }

  private async lease(key: string): Promise<void> {
    const asked = Math.min(this.quota, Math.max(this.portion, this.waiting.get(key) ?? 1));
    const seen = await this.store.consume(key, asked).catch((refused: unknown) => {
      if (refused instanceof Error) throw refused;
      return refused as RateLimiterRes;
    });
    const beyond = Math.max(0, seen.consumedPoints - this.quota);
    this.budgets.set(key, {
      left: Math.max(0, asked - beyond),
      consumed: Math.min(seen.consumedPoints, this.quota),
      expiresAt: Date.now() + Math.max(seen.msBeforeNext, 1),
    });
    if (this.budgets.size > this.sweepAbove) this.sweep();
  }

  private sweep(): void {
    const now = Date.now();
    for (const [key, budget] of this.budgets) if (budget.expiresAt <= now) this.budgets.delete(key);
    // As many leases again pay for the next one: with few expired, a sweep at every lease would free nothing.
    this.sweepAbove = Math.max(fewBudgets, 2 * this.budgets.size);
  }
}
