import { setTimeout as sleep } from 'node:timers/promises';
import { OutboundError, type OutboundAnswer, type OutboundHttp } from '@longhaul/http';
import type { JobContext } from '@longhaul/jobs/worker';

type Attempt = Pick<JobContext<object>, 'signal' | 'log'>;

/** Between two requests to one host that says nothing about it, in milliseconds. */
const politenessMs = 250;
/** Longest crawl delay that is honoured. */
const longestDelayMs = 10_000;
const mostTries = 3;
const firstBackoffMs = 500;
/** A server that asks for a longer pause is not asked again by this attempt. */
const longestWaitMs = 30_000;
const pageTypes = ['text/html', 'application/xhtml+xml'];

/** Fetches the pages of one job: politely, and once more after transient failures. */
export class PageFetcher {
  private readonly lastRequestAt = new Map<string, number>();

  constructor(
    private readonly http: OutboundHttp,
    private readonly attempt: Attempt,
  ) {}

  /** @throws OutboundError when it is not worth another try now, or the reason of the attempt's signal. */
  async fetch(url: string): Promise<OutboundAnswer> {
    for (let turn = 1; ; turn++) {
      try {
        await this.waitForTurn(url);
        return await this.http.get(url, { signal: this.attempt.signal, accept: pageTypes });
      } catch (error) {
        const wait = waitAfter(error, turn);
        if (wait === null) throw error;
        this.attempt.log('warn', `Fetching again in ${Math.round(wait)} ms: ${(error as Error).message}`, { url });
        await this.pause(wait);
      }
    }
  }

  private async waitForTurn(url: string): Promise<void> {
    const { host } = new URL(url);
    const asked = ((await this.http.crawlDelay(url, this.attempt.signal)) ?? 0) * 1000;
    const owed = this.http.isAllowListed(url) ? 0 : politenessMs;
    const delay = Math.max(owed, Math.min(asked, longestDelayMs));
    const last = this.lastRequestAt.get(host) ?? Number.NEGATIVE_INFINITY;
    await this.pause(last + delay - performance.now());
    this.lastRequestAt.set(host, performance.now());
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.attempt;
    if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** Milliseconds to the next try, or null if there should be none. */
function waitAfter(error: unknown, turn: number): number | null {
  if (!(error instanceof OutboundError) || !error.transient || turn >= mostTries) return null;
  // Waiting for the breaker would only add to the queue in front of a host that is down.
  if (error.code === 'circuit_open') return null;
  const backoff = firstBackoffMs * 2 ** (turn - 1) * (0.5 + Math.random());
  const wait = Math.max(error.retryAfter ?? 0, backoff);
  return wait <= longestWaitMs ? wait : null;
}
