import type { OutboundAnswer } from '@longhaul/http';
import { CpuPool } from '@longhaul/jobs/worker';
import type { PageFacts } from './parse-page.js';

/** A page that cannot be parsed within the limits; another try would end the same way. */
export class UnreadablePageError extends Error {
  override readonly name = 'UnreadablePageError';
  readonly code = 'unreadable_page';
}

/** The module beside this one, compiled or not, like this one. */
const parsingModule = new URL(
  `./parse-page${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`,
  import.meta.url,
);

/**
 * Parses pages in threads, because a page of a few megabytes can be made so that it takes hours. The threads are not
 * those of other kinds, whose long computations would keep every page waiting.
 */
export class PageParser {
  private readonly threads = new CpuPool();

  constructor(private readonly timeLimitMs = 15_000) {}

  /** @throws UnreadablePageError, or the reason of the signal. */
  async parse(page: OutboundAnswer, signal: AbortSignal): Promise<PageFacts> {
    const { body, url, contentType } = page;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(this.timeLimitMs)]);
    try {
      return await this.threads.run<PageFacts>(parsingModule, { body, url, contentType }, limited);
    } catch (error) {
      signal.throwIfAborted();
      const why = limited.aborted ? 'takes too long to parse' : 'cannot be parsed';
      throw new UnreadablePageError(`The page ${why}.`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    await this.threads.onApplicationShutdown();
  }
}
