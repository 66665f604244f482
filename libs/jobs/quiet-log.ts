import type { Logger } from '@nestjs/common';

/** Logs one line per message and five seconds, with a count of those held back: a broken store errs thousands of times. */
export class QuietLog {
  private readonly heldBack = new Map<string, { until: number; count: number }>();

  constructor(
    private readonly logger: Pick<Logger, 'warn' | 'error'>,
    private readonly intervalMs = 5_000,
  ) {}

  warn(message: string): void {
    const line = this.lineFor(message);
    if (line !== null) this.logger.warn(line);
  }

  /** @param details logged along with the one that is not held back. */
  error(message: string, details: object): void {
    const line = this.lineFor(message);
    if (line !== null) this.logger.error(details, line);
  }

  private lineFor(message: string): string | null {
    const now = performance.now();
    const entry = this.heldBack.get(message);
    if (entry !== undefined && now < entry.until) {
      entry.count += 1;
      return null;
    }
    const repeated = entry !== undefined && entry.count > 0 ? ` (and ${entry.count} more like it)` : '';
    if (this.heldBack.size > 100) this.heldBack.clear();
    this.heldBack.set(message, { until: now + this.intervalMs, count: 0 });
    return message + repeated;
  }
}
