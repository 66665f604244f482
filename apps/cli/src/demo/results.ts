import type { Task } from './api-client.js';

interface PageReport {
  readonly final_url: string | null;
  readonly status: number | null;
  readonly title: string | null;
  readonly language: string | null;
  readonly counts: { readonly words: number; readonly links: number };
  readonly error: { readonly code: string } | null;
}

interface ScrapeResult {
  readonly pages: readonly PageReport[];
  readonly stats: { readonly pages: number; readonly failed: number; readonly words: number; readonly links: number };
}

interface SimulationResult {
  readonly steps: number;
  readonly attempt: number;
}

/** Pages shown of a crawl. */
const shownPages = 12;

/** The pages that a crawl has visited. */
export function pagesOf(scrape: Task): readonly PageReport[] {
  return (scrape.result_payload as ScrapeResult).pages;
}

/** @param expectedPages how many pages the crawl must have read. @returns one sentence for each thing that is wrong. */
export function problemsOf(scrape: Task, simulation: Task, expectedPages: number): string[] {
  const problems = [scrape, simulation]
    .filter(({ status }) => status !== 'SUCCESS')
    .map(({ task_type, status, error }) => `${task_type} ended as ${status}: ${error?.code} (${error?.message})`);
  if (scrape.status !== 'SUCCESS') return problems;
  const { pages, stats } = scrape.result_payload as ScrapeResult;
  const unread = pages.filter(({ status, title, language }) => status !== 200 || !title || language !== 'en');
  if (stats.pages !== expectedPages) problems.push(`${stats.pages} pages were scraped instead of ${expectedPages}.`);
  for (const { final_url, status, error } of unread) {
    problems.push(`A page was not read: ${final_url ?? 'no address'}, status ${status}, ${error?.code ?? 'no error'}.`);
  }
  return problems;
}

/**
 * Another worker on the same database may take the crawl, and it does not know the demo's web site.
 * @param events of the task. @param pid of the demo's own worker.
 */
export function strangersHint(
  events: readonly { readonly type: string; readonly actor: string }[],
  pid: number,
): string {
  const runner = events.findLast(({ type }) => type === 'started')?.actor ?? '';
  if (runner === '' || runner.split(':').at(-2) === String(pid)) return '';
  return `It was run by ${runner}, which is not this demo's: stop other workers on this database, or give the demo a database of its own.`;
}

/** The results for people to read. */
export function describeResults(scrape: Task, simulation: Task): string {
  const { steps, attempt } = simulation.result_payload as SimulationResult;
  const { pages, stats } = scrape.result_payload as ScrapeResult;
  const rows = pages.slice(0, shownPages).map(({ final_url, status, title, counts }) => ({
    status: String(status),
    words: String(counts.words),
    links: String(counts.links),
    path: final_url === null ? '' : new URL(final_url).pathname,
    title: title ?? '',
  }));
  const rest = pages.length - rows.length;
  return [
    `simulation  ${simulation.status} after ${secondsOf(simulation)} s: ${steps} steps, attempt ${attempt}.`,
    `web_scrape  ${scrape.status} after ${secondsOf(scrape)} s: ${stats.pages} pages, ${stats.failed} failed, ` +
      `${stats.words} words, ${stats.links} links.`,
    '',
    ...table(rows),
    ...(rest > 0 ? [`… and ${rest} more.`] : []),
  ]
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

function secondsOf({ started_at, completed_at }: Task): string {
  return ((Date.parse(completed_at ?? '') - Date.parse(started_at ?? '')) / 1000).toFixed(1);
}

function table(rows: readonly Record<string, string>[]): string[] {
  const names = Object.keys(rows[0] ?? {});
  const widthOf = (name: string) => Math.min(46, Math.max(name.length, ...rows.map((row) => row[name]?.length ?? 0)));
  const fit = (name: string, cell: string) =>
    /^\d+$/.test(cell) ? cell.padStart(widthOf(name)) : cell.slice(0, widthOf(name)).padEnd(widthOf(name));
  const line = (cell: (name: string) => string) => names.map((name) => fit(name, cell(name))).join('  ');
  return [
    line((name) => name),
    line((name) => '─'.repeat(widthOf(name))),
    ...rows.map((row) => line((name) => row[name])),
  ];
}
