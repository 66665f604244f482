import { Processor } from '@nestjs/bullmq';
import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { OutboundError, OutboundHttp } from '@longhaul/http';
import { JobProcessor, PermanentError, RetryableError, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { PageFetcher, PageParser, UnreadablePageError } from '@longhaul/pages';
import { statsOf, type CrawlStats } from './crawl-stats.js';
import { Frontier, type FrontierLimits } from './frontier.js';
import { reportFailure, reportPage, type PageReport, type Visit } from './page-report.js';
import { webScrape } from './web_scrape.definition.js';
import type { WebScrapeInput } from './web_scrape.dto.js';

export interface WebScrapeResult {
  readonly url: string;
  /** In the order of their visits. */
  readonly pages: readonly PageReport[];
  readonly stats: CrawlStats;
}

/** The pages that need not be fetched again, and those that wait. */
export interface WebScrapeCheckpoint {
  readonly pages: readonly PageReport[];
  readonly queue: readonly Visit[];
  readonly worked_ms: number;
}

type Context = JobContext<WebScrapeInput, WebScrapeCheckpoint>;

/** The result stays this far below the largest one allowed, and below this many bytes in any case. */
const shareOfResult = 0.75;
const mostResultBytes = 768 * 1024;

@Processor('web_scrape', slotOptions)
export class WebScrapeProcessor
  extends JobProcessor<WebScrapeInput, WebScrapeResult, WebScrapeCheckpoint>
  implements OnApplicationShutdown
{
  override readonly kind = webScrape;
  private readonly parser = new PageParser();

  constructor(
    private readonly http: OutboundHttp,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
  }

  override async handle(context: Context): Promise<WebScrapeResult> {
    const limits = this.limitsOf(context.input);
    const fetcher = new PageFetcher(this.http, context);
    const pages = [...(context.restored?.pages ?? [])];
    const frontier = context.restored
      ? Frontier.restored(pages, context.restored.queue, limits)
      : Frontier.startingAt(context.input.url, limits);
    const startedAt = performance.now();
    const workedMs = () => (context.restored?.worked_ms ?? 0) + performance.now() - startedAt;
    if (pages.length > 0) context.log('info', `Going on after page ${pages.length}`);

    for (let visit = frontier.peek(); visit !== undefined; visit = frontier.peek()) {
      context.signal.throwIfAborted();
      context.progress({ current: pages.length, total: frontier.total, message: visit.url });
      const { report, links } = await this.visit(visit, context, fetcher, limits.maxPages);
      pages.push(report);
      frontier.arrived(visit.url, report.final_url);
      if (context.input.follow_links) frontier.add(links, visit.depth);
      context.progress({ current: pages.length, total: frontier.total, message: visit.url });
      await context.checkpoint({ pages, queue: frontier.pending, worked_ms: workedMs() });
    }
    return { url: context.input.url, pages, stats: statsOf(pages, workedMs()) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parser.stop();
  }

  private limitsOf(input: WebScrapeInput): FrontierLimits {
    return {
      maxPages: input.max_pages ?? (input.follow_links ? 20 : 1),
      maxDepth: input.max_depth,
      sameHost: input.same_host,
      refused: (url) => this.http.refuse(url) !== null,
    };
  }

  /** Fetches and reads one page. A failure is reported, but that of the first page is the task's. */
  private async visit(
    visit: Visit,
    context: Context,
    fetcher: PageFetcher,
    maxPages: number,
  ): Promise<{ report: PageReport; links: readonly string[] }> {
    const startedAt = performance.now();
    try {
      const answer = await fetcher.fetch(visit.url);
      const facts = await this.parser.parse(answer, context.signal);
      const durationMs = performance.now() - startedAt;
      return { report: reportPage(visit, answer, facts, durationMs, this.roomFor(maxPages)), links: facts.links };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof OutboundError || error instanceof UnreadablePageError)) throw error;
      if (visit.depth === 0) throw asJobFailure(error);
      context.log('warn', `Page failed: ${error.message}`, { url: visit.url, code: error.code });
      return { report: reportFailure(visit, error, performance.now() - startedAt), links: [] };
    }
  }

  /** Bytes of the result that each page may take. */
  private roomFor(maxPages: number): number {
    return Math.min(mostResultBytes, this.config.MAX_RESULT_BYTES * shareOfResult) / maxPages;
  }
}

function asJobFailure(error: OutboundError | UnreadablePageError): Error {
  if (error instanceof OutboundError && error.transient) {
    return new RetryableError(error.code, error.message, error.retryAfter ?? undefined);
  }
  return new PermanentError(error.code, error.message);
}
