import type { OutboundAnswer } from '@longhaul/http';
import { bounds, type PageFacts } from '@longhaul/pages';

/** What the result says of one page. */
export interface PageReport {
  readonly url: string;
  /** After redirects; null if the page could not be fetched. */
  readonly final_url: string | null;
  /** The HTTP status, or null if there was none. */
  readonly status: number | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly canonical: string | null;
  readonly language: string | null;
  readonly counts: PageFacts['counts'];
  readonly h1: readonly string[];
  /** The first distinct links, without fragments. */
  readonly links: readonly string[];
  /** The page's main text: paragraphs with empty lines between them, headings as `## …`; cut to the room there is. */
  readonly text: string;
  /** Whether the page was too large or too deep to be read to its end; the counts are of what was read. */
  readonly truncated: boolean;
  /** Links away from the first page. */
  readonly depth: number;
  /** Size of the body after decompression. */
  readonly bytes: number;
  /** Time to fetch and parse, repetitions included. */
  readonly duration_ms: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A page that waits for its turn. */
export interface Visit {
  readonly url: string;
  readonly depth: number;
}

const mostLinks = 50;
/** Of a report's room; the rest is for links and headings. */
const shareOfText = 0.6;
const noCounts = { h1: 0, links: 0, images: 0, words: 0 };
const nothingRead = {
  title: null,
  description: null,
  canonical: null,
  language: null,
  h1: [],
  links: [],
  text: '',
  truncated: false,
};

/** @param room most bytes that the report may take as JSON. */
export function reportPage(
  visit: Visit,
  answer: OutboundAnswer,
  facts: PageFacts,
  durationMs: number,
  room: number,
): PageReport {
  return fitInto(room, {
    url: visit.url,
    final_url: boundUrl(answer.url),
    status: answer.status,
    ...facts,
    links: facts.links.slice(0, mostLinks),
    text: cutToBytes(facts.text, room * shareOfText),
    depth: visit.depth,
    bytes: answer.body.length,
    duration_ms: Math.round(durationMs),
    error: null,
  });
}

/** The report of a page that could not be fetched or read. */
export function reportFailure(
  visit: Visit,
  failure: { code: string; message: string; status?: number | null },
  durationMs: number,
): PageReport {
  return {
    url: visit.url,
    final_url: null,
    status: failure.status ?? null,
    ...nothingRead,
    counts: noCounts,
    depth: visit.depth,
    bytes: 0,
    duration_ms: Math.round(durationMs),
    error: { code: failure.code, message: failure.message.slice(0, 300) },
  };
}

/** Leaves out links first, then headings and description, and of the text what is still too much. */
function fitInto(room: number, report: PageReport): PageReport {
  const fitting: { -readonly [Key in keyof PageReport]: PageReport[Key] } = { ...report };
  const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));
  const tooLong = () => bytesOf(fitting) > room;
  while (fitting.links.length > 0 && tooLong()) fitting.links = fitting.links.slice(0, -5);
  while (fitting.h1.length > 0 && tooLong()) fitting.h1 = fitting.h1.slice(0, -1);
  if (tooLong()) fitting.description = null;
  if (tooLong()) fitting.canonical = null;
  if (tooLong()) fitting.text = cutToBytes(report.text, room - bytesOf({ ...fitting, text: '' }));
  return fitting;
}

/** The whole paragraphs that fit, as JSON in UTF-8; or what fits of the first one. */
function cutToBytes(text: string, most: number): string {
  const kept: string[] = [];
  let bytes = 2;
  for (const paragraph of text.split('\n\n')) {
    bytes += Buffer.byteLength(JSON.stringify(paragraph)) + 2;
    if (bytes > most) break;
    kept.push(paragraph);
  }
  // JSON writes a character with six bytes at most.
  return kept.length > 0 ? kept.join('\n\n') : text.slice(0, Math.max(0, Math.floor(most / 6) - 2)).toWellFormed();
}

function boundUrl(url: string): string {
  return url.length <= bounds.url ? url : `${url.slice(0, bounds.url - 1)}…`;
}
