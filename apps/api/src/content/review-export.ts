import { Readable } from 'node:stream';
import type { ChainHead, ContentReviewEntity } from '@longhaul/content';
import type { exportFormats } from './content-query.dto.js';

type Row = ContentReviewEntity;

/** Columns of the CSV, in the order in which a row's hash covers them, and the hash itself. */
const columns = [
  ['seq', (row) => row.seq],
  ['content_id', (row) => row.itemId],
  ['version', (row) => String(row.version)],
  ['version_hash', (row) => row.versionHash],
  ['decision', (row) => row.decision],
  ['actor_id', (row) => row.actorId],
  ['reason', (row) => row.reason ?? ''],
  ['feedback', (row) => row.feedback ?? ''],
  ['at', (row) => row.at.toISOString()],
  ['previous_hash', (row) => row.previousHash],
  ['hash', (row) => row.hash],
] as const satisfies [string, (row: Row) => string][];

/** As `npm run audit:verify -- --head` takes it. */
export function headText({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

/**
 * The approval history as text, row by row as it is read. The last line is the head again: a file without it is not
 * complete, and the head proves later that the history was not cut or written anew.
 */
export function exportOf(
  format: (typeof exportFormats)[number],
  rows: AsyncIterable<Row>,
  head: ChainHead,
): { readonly stream: Readable; readonly type: string } {
  return format === 'csv'
    ? { stream: Readable.from(csv(rows, head)), type: 'text/csv; charset=utf-8; header=present' }
    : { stream: Readable.from(ndjson(rows, head)), type: 'application/x-ndjson; charset=utf-8' };
}

async function* ndjson(rows: AsyncIterable<Row>, head: ChainHead): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(wireRow(row))}\n`;
  yield `${JSON.stringify({ head: { seq: Number(head.seq), hash: head.hash } })}\n`;
}

function wireRow(row: Row): object {
  const { seq, version, reason, feedback } = row;
  const texts = columns.map(([name, value]) => [name, value(row)]);
  return { ...(Object.fromEntries(texts) as object), seq: Number(seq), version, reason, feedback };
}

async function* csv(rows: AsyncIterable<Row>, head: ChainHead): AsyncGenerator<string> {
  yield csvLine(columns.map(([name]) => name));
  for await (const row of rows) yield csvLine(columns.map(([, value]) => value(row)));
  const last: Record<string, string> = { seq: head.seq, decision: 'head', hash: head.hash };
  yield csvLine(columns.map(([name]) => last[name] ?? ''));
}

/** By RFC 4180. */
const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`;

/** A spreadsheet takes a cell that begins so for a formula; an apostrophe before it makes it text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return safe !== text || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
