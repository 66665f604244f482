import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OutboundError, OutboundHttp } from '@longhaul/http';
import { PermanentError, RetryableError, type JobContext } from '@longhaul/jobs/worker';
import { PageFetcher, PageParser, UnreadablePageError } from '@longhaul/pages';
import type { ItemBrief } from '../generators/generator.js';
import { isSourceUrl, type PlacedMaterial, type SourceMaterial } from '../source-material.js';
import { ArchiveReader, type FoundText } from './archive.reader.js';

/** On whose behalf something is researched. */
interface Research {
  readonly context: Pick<JobContext<object>, 'ownerId' | 'signal' | 'log'>;
  /** Places of the sources that an earlier attempt has kept: they are not read again. */
  readonly kept: ReadonlySet<number>;
  /** Makes sources durable. */
  keep(material: readonly PlacedMaterial[]): Promise<void>;
  /** Says what is being read. */
  report(message: string): void;
}

/** Texts that are taken when no sources are given. */
const mostFound = 8;

/** Finds what a text can rest on. */
@Injectable()
export class Researcher implements OnApplicationShutdown {
  private readonly parser = new PageParser();

  constructor(
    private readonly http: OutboundHttp,
    private readonly archive: ArchiveReader,
  ) {}

  /**
   * Reads the given sources, and keeps each as soon as it is read; without any it looks at what was published, and what
   * the owner has scraped.
   * @param sources URLs and texts.
   * @returns how many there are now.
   * @throws PermanentError or RetryableError `no_sources`.
   */
  async find(item: ItemBrief, sources: readonly string[], research: Research): Promise<number> {
    if (sources.length > 0) return this.read(sources, research);
    if (research.kept.size > 0) return research.kept.size;
    const found = await this.search(item, research);
    await research.keep(found.map((source, index) => ({ ...source, place: index + 1 })));
    return found.length;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parser.stop();
  }

  private async read(sources: readonly string[], research: Research): Promise<number> {
    const { kept } = research;
    const missing = sources
      .map((source, index) => ({ source, place: index + 1 }))
      .filter(({ place }) => !kept.has(place));
    const texts = missing
      .filter(({ source }) => !isSourceUrl(source) && source.trim() !== '')
      .map(({ source, place }) => ({ ...textSource(source), place }));
    if (texts.length > 0) await research.keep(texts);
    const { count, later } = await this.readPages(
      missing.filter(({ source }) => isSourceUrl(source)),
      research,
    );
    const all = kept.size + texts.length + count;
    if (all > 0) return all;
    const why = 'None of the sources could be read.';
    throw later === null
      ? new PermanentError('no_sources', why)
      : new RetryableError('no_sources', why, later.retryAfter ?? undefined);
  }

  /** @returns how many were kept, and the last failure that may well not come again. */
  private async readPages(
    pages: readonly { readonly source: string; readonly place: number }[],
    research: Research,
  ): Promise<{ count: number; later: OutboundError | null }> {
    const { context } = research;
    const fetcher = new PageFetcher(this.http, context);
    let [count, later]: [number, OutboundError | null] = [0, null];
    for (const { source, place } of pages) {
      const url = source.trim();
      context.signal.throwIfAborted();
      research.report(`research: ${url}`);
      try {
        const page = await this.page(url, fetcher, context.signal);
        if (page.text.trim() === '') throw new UnreadablePageError('The page has no text.');
        await research.keep([{ ...page, place }]);
        count += 1;
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof OutboundError || error instanceof UnreadablePageError)) throw error;
        context.log('warn', `Source left out: ${error.message}`, { url, code: error.code });
        if (error instanceof OutboundError && error.transient) later = error;
      }
    }
    return { count, later };
  }

  private async page(url: string, fetcher: PageFetcher, signal: AbortSignal): Promise<SourceMaterial> {
    const answer = await fetcher.fetch(url);
    const { title, text } = await this.parser.parse(answer, signal);
    return { title: title ?? new URL(answer.url).host, url: answer.url, text };
  }

  private async search(item: ItemBrief, { context }: Research): Promise<SourceMaterial[]> {
    const topic = [item.topic, item.brief.primaryKeyword ?? ''].join(' ');
    const published = await this.archive.published(topic, item.language, mostFound);
    const scraped = await this.archive.scraped(context.ownerId, topic, item.language, mostFound, context.signal);
    const found: FoundText[] = [...scraped, ...published].sort((a, b) => b.fit - a.fit).slice(0, mostFound);
    if (found.length === 0) {
      const message = 'Neither the published texts nor your own scrapes have anything on this topic: give sources.';
      throw new PermanentError('no_sources', message);
    }
    context.log('info', `Found ${found.length} texts on the topic`, { urls: found.map(({ url }) => url) });
    return found.map(({ title, url, text }) => ({ title, url, text }));
  }
}

function textSource(text: string): SourceMaterial {
  const [first = ''] = text.trim().split('\n');
  const title = (/^#{1,6}\s+(.*)$/.exec(first)?.[1] ?? first).toWellFormed();
  return {
    title: title.length <= 80 ? title : `${title.slice(0, 79).toWellFormed()}…`,
    url: null,
    text: text.trim().toWellFormed(),
  };
}
