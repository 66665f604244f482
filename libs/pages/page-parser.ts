import { availableParallelism } from 'node:os';
import type { OutboundAnswer } from '@longhaul/http';
import { CpuPool } from '@longhaul/jobs/worker';
import type { PageFacts } from './parse-page.js';
import { Turns } from './turns.js';

/** A page that cannot be parsed within the limits; another try would end the same way. */
export class UnreadablePageError extends Error {
  override readonly name = 'UnreadablePageError';
  readonly code = 'unreadable_page';
}

/** The module beside this one, compiled or not, like this one. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const parsingModule = new URL(`./parse-page.${extension}`, import.meta.url);

/**
 * Parses pages in threads, because a page of a few megabytes can be made so that it takes hours. The threads are not
 * those of other kinds, whose long computations would keep every page waiting.
 */
export class PageParser {
  private readonly threads = new CpuPool();
  /** As many as the pool has threads: what waits, waits here, and no page's time runs while others are parsed. */
  private readonly turns = new Turns(availableParallelism());
  private readonly stopped = new AbortController();

  /** @param timeLimitMs for the parsing of a page, without the time that it waits for a thread. */
  constructor(private readonly timeLimitMs = 15_000) {}

  /** @throws UnreadablePageError, or the reason of the signal, or another error when the parser is stopped. */
  async parse(page: OutboundAnswer, signal: AbortSignal): Promise<PageFacts> {
    const ended = AbortSignal.any([signal, this.stopped.signal]);
    return this.turns.take(() => this.parseNow(page, ended), ended);
  }

  async stop(): Promise<void> {
    this.stopped.abort(new Error('The parser has stopped.'));
    await this.threads.onApplicationShutdown();
  }

  private async parseNow({ body, url, contentType }: OutboundAnswer, ended: AbortSignal): Promise<PageFacts> {
    const limited = AbortSignal.any([ended, AbortSignal.timeout(this.timeLimitMs)]);
    try {
      return await this.threads.run<PageFacts>(parsingModule, { body, url, contentType }, limited);
    } catch (error) {
      ended.throwIfAborted();
      const why = limited.aborted ? 'takes too long to parse' : 'cannot be parsed';
      throw new UnreadablePageError(`The page ${why}.`, { cause: error });
    }
  }
}
