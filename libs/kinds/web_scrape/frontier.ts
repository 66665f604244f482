import { normalizeUrl } from '@longhaul/pages';
import type { PageReport, Visit } from './page-report.js';

export interface FrontierLimits {
  readonly maxPages: number;
  readonly maxDepth: number;
  /** Whether links lead to the host of the first page only. */
  readonly sameHost: boolean;
  /** Whether a URL is never worth a visit. */
  readonly refused: (url: string) => boolean;
}

/**
 * Which page comes next: breadth first, each URL once. It never holds more than can still be visited, so what is
 * stored of it stays small.
 */
export class Frontier {
  private readonly queue: Visit[] = [];
  private readonly seen = new Set<string>();
  private readonly hosts = new Set<string>();
  private visited = 0;

  private constructor(private readonly limits: FrontierLimits) {}

  /** @param url the first page. */
  static startingAt(url: string, limits: FrontierLimits): Frontier {
    const frontier = new Frontier(limits);
    const first = normalizeUrl(url) ?? url;
    frontier.hosts.add(new URL(first).host);
    frontier.enqueue({ url: first, depth: 0 });
    return frontier;
  }

  /** The frontier as it stood after some pages. */
  static restored(reports: readonly PageReport[], queue: readonly Visit[], limits: FrontierLimits): Frontier {
    const frontier = new Frontier(limits);
    for (const report of reports) frontier.arrived(report.url, report.final_url);
    for (const visit of queue) frontier.enqueue(visit);
    return frontier;
  }

  /** Pages visited, plus those known to come. */
  get total(): number {
    return this.visited + this.queue.length;
  }

  get pending(): readonly Visit[] {
    return [...this.queue];
  }

  peek(): Visit | undefined {
    return this.queue[0];
  }

  /** Takes the visited page off the queue, along with the page that it redirected to. */
  arrived(url: string, finalUrl: string | null): void {
    const final = normalizeUrl(finalUrl ?? url) ?? url;
    // The first page may redirect, to www for instance: its host is meant then.
    if (this.visited === 0) for (const page of [url, final]) this.hosts.add(new URL(page).host);
    this.visited++;
    for (const page of [url, final]) {
      this.seen.add(page);
      const index = this.queue.findIndex((visit) => visit.url === page);
      if (index !== -1) this.queue.splice(index, 1);
    }
  }

  /** Adds the links of a page that are new and within the limits. */
  add(links: readonly string[], fromDepth: number): void {
    if (fromDepth >= this.limits.maxDepth) return;
    for (const url of links) {
      if (this.total >= this.limits.maxPages) return;
      if (!this.seen.has(url) && this.mayFollow(url)) this.enqueue({ url, depth: fromDepth + 1 });
    }
  }

  private mayFollow(url: string): boolean {
    return (!this.limits.sameHost || this.hosts.has(new URL(url).host)) && !this.limits.refused(url);
  }

  private enqueue(visit: Visit): void {
    this.seen.add(visit.url);
    this.queue.push(visit);
  }
}
