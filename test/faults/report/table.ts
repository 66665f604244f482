import type { Column } from '../checks/check.js';
import type { SettingsName } from '../settings.js';
import type { Finding, Verdict } from './verdict.js';

const heads = [
  'fault',
  'backend',
  'jobs',
  'lost',
  'stuck',
  'doubled effects',
  'sequence gaps',
  'recovery p99',
  'worst recovery',
  'verdict',
];

/** The table as Markdown, so that it can go into the docs as it is. */
export function table(verdicts: readonly Verdict[], settings: SettingsName): string {
  return [`Settings: ${settings}.`, '', markdownTable([heads, ...verdicts.map(cells)])].join('\n');
}

/** @param rows of equal length; the first one is the head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

/** One fault in one line, as it ends. */
export function line(verdict: Verdict): string {
  const { options, seconds } = verdict;
  const [, , , lost, stuck, doubled, gaps, p99, worst, sentence] = cells(verdict);
  const counts = `lost ${lost}, stuck ${stuck}, doubled ${doubled}, gaps ${gaps}, recovery p99 ${p99} worst ${worst}`;
  const crowded =
    verdict.crowding > 2 ? `; THE MACHINE WAS CROWDED (load ${verdict.crowding.toFixed(1)} for each CPU)` : '';
  const measured = verdict.recovery === undefined ? '' : ` (${counts})`;
  return `${options.fault.name} on ${options.backend}: ${sentence}${measured} in ${seconds.toFixed(0)} s${crowded}`;
}

/** The worst of all, and what was left out. */
export function summary(verdicts: readonly Verdict[]): string {
  const count = (wanted: Verdict['verdict']) => verdicts.filter(({ verdict }) => verdict === wanted).length;
  const skipped = verdicts.filter(({ verdict }) => verdict === 'SKIPPED');
  const played = verdicts.length - skipped.length;
  const lines = [`${count('survived')} of ${played} survived.`];
  for (const { options, why } of skipped) lines.push(`SKIPPED: ${options.fault.name} on ${options.backend}: ${why}`);
  return lines.join('\n');
}

function cells(verdict: Verdict): string[] {
  const { options, findings, recovery } = verdict;
  const of = (column: Column) => (recovery === undefined ? '-' : String(countOf(findings, column)));
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`);
  return [
    options.fault.name,
    options.backend,
    String(verdict.accepted),
    of('lost'),
    of('stuck'),
    of('doubled'),
    of('gaps'),
    seconds(recovery?.p99),
    seconds(recovery?.worst),
    sentenceOf(verdict),
  ];
}

function countOf(findings: readonly Finding[], column: Column): number {
  return findings
    .filter((finding) => finding.column === column)
    .reduce((sum, { violations }) => sum + violations.length, 0);
}

function sentenceOf({ verdict, findings, why }: Verdict): string {
  if (why !== undefined) return `${verdict}: ${why}`;
  const named = findings.map(({ check, violations }) => `${check} (${violations.length})`);
  return named.length === 0 ? verdict : `${verdict}: ${named.join('; ')}`;
}
