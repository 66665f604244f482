import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OutboundError, OutboundHttp } from '@longhaul/http';
import { PermanentError, RetryableError, type JobContext } from '@longhaul/jobs/worker';
import { PageFetcher, PageParser, UnreadablePageError } from '@longhaul/pages';
import type { ItemBrief } from '../generators/generator.js';
import { isSourceUrl, type SourceMaterial } from '../source-material.js';
import { ArchiveReader, type FoundText } from './archive.reader.js';

/** On whose behalf something is researched. */
interface Research {
  readonly context: Pick<JobContext<object>, 'ownerId' | 'signal' | 'log'>;
  /** Says what is being read. */
  report(message: string): void;
}

/** Characters of all sources together: what does not fit is cut, of all alike. */
const mostCharacters = 400_000;
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
   * Reads the given sources; without any it looks at what was published, and what the owner has scraped.
   * @param sources URLs and texts.
   * @throws PermanentError or RetryableError `no_sources`.
   */
  async find(item: ItemBrief, sources: readonly string[], research: Research): Promise<SourceMaterial[]> {
    const material = sources.length > 0 ? await this.read(sources, research) : await this.search(item, research);
    const share = Math.floor(mostCharacters / Math.max(1, material.length));
    return material.map((source) => ({ ...source, text: source.text.slice(0, share).toWellFormed() }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parser.stop();
  }

  private async read(sources: readonly string[], research: Research): Promise<SourceMaterial[]> {
    const { context } = research;
    const fetcher = new PageFetcher(this.http, context);
    const material: SourceMaterial[] = [];
    let later: OutboundError | null = null;
    for (const [index, source] of sources.entries()) {
      context.signal.throwIfAborted();
      const message = isSourceUrl(source) ? source.trim() : `Text ${index + 1}`;
      research.report(`research: ${message}`);
      try {
        material.push(
          isSourceUrl(source) ? await this.page(source.trim(), fetcher, context.signal) : textSource(source),
        );
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof OutboundError || error instanceof UnreadablePageError)) throw error;
        context.log('warn', `Source left out: ${error.message}`, { url: source, code: error.code });
        if (error instanceof OutboundError && error.transient) later = error;
      }
    }
    const readable = material.filter(({ text }) => text.trim() !== '');
    if (readable.length > 0) return readable;
    const why = 'None of the sources could be read.';
    throw later === null
      ? new PermanentError('no_sources', why)
      : new RetryableError('no_sources', why, later.retryAfter ?? undefined);
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
  const title = /^#{1,6}\s+(.*)$/.exec(first)?.[1] ?? first;
  return { title: title.length <= 80 ? title : `${title.slice(0, 79).toWellFormed()}…`, url: null, text: text.trim() };
}
