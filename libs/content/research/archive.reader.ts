import { CONFIG, type Config } from '@longhaul/config';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ContentItemEntity } from '../content-item.entity.js';
import { postMaterial } from './post-material.js';

/** A published text, or a page that was scraped, and how well it fits. */
export interface FoundText {
  readonly title: string;
  /** Address of the public page, or of the page that was scraped. */
  readonly url: string;
  readonly text: string;
  /** 0–1: the share of the topic's words that it has. */
  readonly fit: number;
}

/** A text fits a topic when it has at least this share of its words: one common word alone says nothing. */
const leastFit = 0.5;
const mostScrapes = 200;
/** Results of scrapes that one query reads: each may be of a megabyte. */
const scrapesAtOnce = 20;
/** Characters of a page that are searched. */
const searched = 20_000;

/** The texts that this installation has already: what was published, and what an owner has scraped. */
@Injectable()
export class ArchiveReader {
  constructor(
    @InjectRepository(ContentItemEntity) private readonly rows: Repository<ContentItemEntity>,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Published texts on a topic in its language, the best first. @param except an item that does not count. */
  async published(topic: string, language: string, most: number, except: string | null = null): Promise<FoundText[]> {
    const found = await this.rows.query<FoundText[]>(
      `WITH wanted AS (SELECT tsvector_to_array(to_tsvector($1::regconfig, $2)) AS words),
       near AS (
         SELECT post.*, (SELECT count(*) FROM unnest(wanted.words) word WHERE word = ANY (tsvector_to_array(search)))
           ::float / greatest(1, cardinality(wanted.words)) AS fit
         FROM wanted, published_posts post JOIN published_texts USING (item_id)
         WHERE post.language = $1::regconfig AND post.item_id IS DISTINCT FROM $4
           AND search @@ nullif(replace(plainto_tsquery($1::regconfig, $2)::text, ' & ', ' | '), '')::tsquery
         ORDER BY ts_rank(search, replace(plainto_tsquery($1::regconfig, $2)::text, ' & ', ' | ')::tsquery) DESC, item_id
         LIMIT 50
       )
       SELECT title, $6 || '/site/posts/' || slug AS url, body AS text, fit FROM near
       WHERE fit >= $5 ORDER BY fit DESC, item_id LIMIT $3`,
      [language, topic, most, except, leastFit, this.config.PUBLIC_URL],
    );
    return found.map((post) => ({ ...post, text: postMaterial(post.text, language) }));
  }

  /** Pages on a topic that the owner has scraped, out of the last tasks of that kind; each address once, the best first. */
  async scraped(
    ownerId: string,
    topic: string,
    language: string,
    most: number,
    signal: AbortSignal,
  ): Promise<FoundText[]> {
    const found = new Map<string, FoundText>();
    for (let skip = 0; skip < mostScrapes; skip += scrapesAtOnce) {
      signal.throwIfAborted();
      const { tasks, pages } = await this.scrapedIn(ownerId, topic, language, skip);
      // The newest copy of a page comes first.
      for (const page of pages) if (!found.has(page.url)) found.set(page.url, page);
      if (tasks < scrapesAtOnce) break;
    }
    return [...found.values()].sort((a, b) => b.fit - a.fit).slice(0, most);
  }

  private async scrapedIn(
    ownerId: string,
    topic: string,
    language: string,
    skip: number,
  ): Promise<{ tasks: number; pages: FoundText[] }> {
    const rows = await this.rows.query<(Partial<FoundText> & { tasks: number })[]>(
      `WITH tasks AS MATERIALIZED (
         SELECT id, result FROM jobs
         WHERE owner_id = $1 AND kind = 'web_scrape' AND status = 'SUCCESS'
         ORDER BY id DESC LIMIT $4 OFFSET $5
       ), wanted AS (SELECT tsvector_to_array(to_tsvector($2::regconfig, $3)) AS words),
       pages AS (
         SELECT tasks.id, page->>'title' AS title, coalesce(page->>'final_url', page->>'url') AS url, page->>'text' AS text,
           (SELECT count(*) FROM unnest(wanted.words) word WHERE word = ANY (tsvector_to_array(to_tsvector($2::regconfig,
             concat_ws(' ', page->>'title', left(page->>'text', $6))))))::float / greatest(1, cardinality(wanted.words)) AS fit
         FROM wanted, tasks, jsonb_array_elements(tasks.result->'pages') page
         WHERE length(page->>'text') > 0
       )
       SELECT (SELECT count(*)::int FROM tasks) AS tasks, coalesce(title, url) AS title, url, text, fit
       FROM (SELECT) one LEFT JOIN pages ON fit >= $7 ORDER BY id DESC`,
      [ownerId, language, topic, scrapesAtOnce, skip, searched, leastFit],
    );
    const pages = rows.filter((row): row is FoundText & { tasks: number } => typeof row.text === 'string');
    return { tasks: rows[0]?.tasks ?? 0, pages: pages.map(({ title, url, text, fit }) => ({ title, url, text, fit })) };
  }
}
