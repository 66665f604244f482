import { crowdedAbove } from '../checks/recovery.js';
import type { Column } from '../checks/check.js';
import type { SettingsName } from '../settings.js';
import type { Finding, Verdict } from './verdict.js';

const heads = [
  'fault',
  'backend',
  'jobs',
  'met the fault',
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
  const lines = [`Settings: ${settings}.`, '', markdownTable([heads, ...verdicts.map(cells)])];
  if (verdicts.some(isCrowded))
    lines.push('', `(crowded): the load was above ${crowdedAbove} for each CPU, so this time is not judged.`);
  return lines.join('\n');
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
  const [, , , met, lost, stuck, doubled, gaps, p99, worst, sentence] = cells(verdict);
  const counts = `${met} met it, lost ${lost}, stuck ${stuck}, doubled ${doubled}, gaps ${gaps}, recovery p99 ${p99} worst ${worst}`;
  const crowded = isCrowded(verdict)
    ? `; THE MACHINE WAS CROWDED (load ${verdict.crowding.toFixed(1)} for each CPU)`
    : '';
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
    verdict.met === undefined ? '-' : String(verdict.met),
    of('lost'),
    of('stuck'),
    of('doubled'),
    of('gaps'),
    `${seconds(recovery?.p99)}${isCrowded(verdict) ? ' (crowded)' : ''}`,
    seconds(recovery?.worst),
    sentenceOf(verdict),
  ];
}

function isCrowded({ crowding }: Verdict): boolean {
  return crowding > crowdedAbove;
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
