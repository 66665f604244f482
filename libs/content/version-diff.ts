import { createTwoFilesPatch, diffLines, diffWordsWithSpace, type ChangeObject } from 'diff';
import type { VersionText } from './version-hash.js';

/** A run of text that both have, that only the newer one has, or that only the older one has. */
export interface TextRun {
  readonly op: 'equal' | 'insert' | 'delete';
  readonly text: string;
}

/** What differs between two versions. */
export interface VersionDiff {
  /** Title, tags and search metadata that are not the same. */
  readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
  /** The bodies as a unified diff with three lines of context; empty when they are the same. */
  readonly unified: string;
  /** The whole of both bodies, run by run. */
  readonly runs: readonly TextRun[];
  /** What the runs were compared by: lines when there are too many words that differ, whole bodies when even those. */
  readonly granularity: 'words' | 'lines' | 'whole';
}

/** How long one comparison may keep the process busy, in milliseconds: its cost grows with the square of the differences. */
const longestMs = 100;

type Text = Pick<VersionText, 'title' | 'body' | 'seo' | 'tags'>;

/** Compares two versions (Myers' algorithm, as the library has it). */
export function diffVersions(
  from: Text & { readonly number: number },
  to: Text & { readonly number: number },
): VersionDiff {
  return { fields: changedFields(from, to), unified: unifiedDiff(from, to), ...diffBodies(from.body, to.body) };
}

function changedFields(from: Text, to: Text): VersionDiff['fields'] {
  const of = ({ title, seo, tags }: Text): Record<string, unknown> => ({
    title,
    tags,
    'seo.title': seo?.title ?? null,
    'seo.description': seo?.description ?? null,
    'seo.keywords': seo?.keywords ?? null,
  });
  const [old, now] = [of(from), of(to)];
  return Object.keys(old)
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .map((field) => ({ field, from: old[field], to: now[field] }));
}

function unifiedDiff(from: { number: number; body: string }, to: { number: number; body: string }): string {
  if (from.body === to.body) return '';
  const names = [`version ${from.number}`, `version ${to.number}`] as const;
  const patch = createTwoFilesPatch(...names, from.body, to.body, undefined, undefined, {
    context: 3,
    timeout: longestMs,
  });
  return withoutRule(patch ?? replacement(names, from.body, to.body));
}

/** The library's own first line is none of the format. */
const withoutRule = (patch: string) => patch.replace(/^=+\n/, '');

/** A patch that takes all lines out and puts all lines in: right for any two texts, and made at once. */
function replacement(names: readonly [string, string], from: string, to: string): string {
  const [old, now] = [linesOf(from), linesOf(to)];
  const head = `--- ${names[0]}\n+++ ${names[1]}\n@@ -${range(old)} +${range(now)} @@\n`;
  return head + patchLines('-', old) + patchLines('+', now);
}

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const range = (lines: readonly string[]) => `${lines.length === 0 ? 0 : 1},${lines.length}`;
const patchLines = (sign: '-' | '+', lines: readonly string[]) =>
  lines.map((line) => sign + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');

function diffBodies(from: string, to: string): Pick<VersionDiff, 'runs' | 'granularity'> {
  const words = diffWordsWithSpace(from, to, { timeout: longestMs });
  if (words !== undefined) return { runs: words.map(runOf), granularity: 'words' };
  const lines = diffLines(from, to, { timeout: longestMs });
  if (lines !== undefined) return { runs: lines.map(runOf), granularity: 'lines' };
  return {
    runs: [
      { op: 'delete', text: from },
      { op: 'insert', text: to },
    ],
    granularity: 'whole',
  };
}

function runOf({ added, removed, value }: ChangeObject<string>): TextRun {
  return { op: added ? 'insert' : removed ? 'delete' : 'equal', text: value };
}
