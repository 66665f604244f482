import { proseOf } from '../source-material.js';
import { shinglesOf } from '../text/words.js';
import { scaled, type TextView, type Verdict } from './text-view.js';

/** Words in a row that are no coincidence. */
const copied = 8;
/** Words in a row by which texts are compared as wholes. */
const alike = 5;
const quotation = /“[^“”]*”|„[^„“]*“|«[^«»]*»|"[^"]*"/g;

/** How little of the text was taken over without quotation marks, and how little an earlier publication says the same. */
export function originality({ prose, material, archive }: TextView): Verdict {
  const own = prose
    .filter(({ kind }) => kind !== 'quote')
    .map(({ text }) => text.replace(quotation, ' … '))
    // A quotation parts what is before it from what is after it.
    .flatMap((text) => text.split('…'));
  const ownRuns = own.flatMap((text) => shinglesOf(text, copied));
  const known = new Set(material.flatMap((source) => shinglesOf(proseOf(source), copied)));
  const copies = ownRuns.length === 0 ? 0 : ownRuns.filter((run) => known.has(run)).length / ownRuns.length;
  const runs = new Set(prose.flatMap(({ text }) => shinglesOf(text.replace(/\[\d+\]/g, ''), alike)));
  const overlaps = archive.map(({ title, text }) => ({ title, share: shareOf(runs, shinglesOf(text, alike)) }));
  const nearest = overlaps.reduce((most, one) => (one.share > most.share ? one : most), { title: '', share: 0 });
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const copy = `${percent(copies)} of what is not quoted stands in the sources word for word`;
  const double = nearest.share > 0 ? `; ${percent(nearest.share)} was published before in “${nearest.title}”` : '';
  return {
    score: Math.min(scaled(copies, [0.05, 100], [0.8, 0]), scaled(nearest.share, [0.15, 100], [0.8, 0])),
    reason: `${copy}${double}.`,
  };
}

function shareOf(runs: ReadonlySet<string>, others: readonly string[]): number {
  if (runs.size === 0) return 0;
  const theirs = new Set(others);
  return [...runs].filter((run) => theirs.has(run)).length / runs.size;
}
