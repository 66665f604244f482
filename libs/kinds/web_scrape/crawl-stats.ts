import type { PageReport } from './page-report.js';

/** Sums over all pages. */
export interface CrawlStats {
  readonly pages: number;
  readonly failed: number;
  readonly words: number;
  readonly links: number;
  readonly images: number;
  readonly bytes: number;
  /** Pages by class of status; `none` is those without an answer. */
  readonly by_status: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx' | 'none', number>>;
  /** The hosts that answered. */
  readonly hosts: readonly string[];
  /** Time worked, over all attempts. */
  readonly duration_ms: number;
}

export function statsOf(pages: readonly PageReport[], workedMs: number): CrawlStats {
  const sum = (value: (page: PageReport) => number) => pages.reduce((total, page) => total + value(page), 0);
  const withStatus = (hundreds: number) => sum(({ status }) => (Math.floor((status ?? 0) / 100) === hundreds ? 1 : 0));
  return {
    pages: pages.length,
    failed: sum(({ error }) => (error === null ? 0 : 1)),
    words: sum(({ counts }) => counts.words),
    links: sum(({ counts }) => counts.links),
    images: sum(({ counts }) => counts.images),
    bytes: sum(({ bytes }) => bytes),
    by_status: {
      '2xx': withStatus(2),
      '3xx': withStatus(3),
      '4xx': withStatus(4),
      '5xx': withStatus(5),
      none: withStatus(0),
    },
    hosts: [...new Set(pages.filter(({ status }) => status !== null).map((page) => hostOf(page)))],
    duration_ms: Math.round(workedMs),
  };
}

function hostOf(page: PageReport): string {
  return new URL(page.final_url ?? page.url).host;
}
