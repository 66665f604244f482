/** A statement without an answer is ended by the server's own time limit, or committed, within this time. */
const settledMs = 15_000;

/**
 * Claims of which nobody knows whether they were committed: their answers were lost. Each is looked for whenever the
 * database answers, until it can no longer be on its way.
 */
export class UnknownClaims {
  /** Nonces, with the monotonic time at which their answer was missed. */
  private readonly missedAt = new Map<string, number>();

  add(nonce: string): void {
    this.missedAt.set(nonce, this.missedAt.get(nonce) ?? performance.now());
  }

  /** The claims to look for now; those that may still be on their way are kept for another time. */
  take(): string[] {
    const nonces = [...this.missedAt.keys()];
    const settled = performance.now() - settledMs;
    for (const [nonce, missedAt] of this.missedAt) if (missedAt < settled) this.missedAt.delete(nonce);
    return nonces;
  }
}
