import type { CaseResult } from '../measures.js';
import { figure, label, times } from './figures.js';
import { medianOf, namesIn, ratio } from './statistics.js';

/** The medians of a case, a line a contender: Markdown, which a terminal shows well enough. */
export function caseTable(one: CaseResult): string {
  const measures = namesIn(one, 'values');
  const [first] = one.contenders;
  const compares = one.contenders.length > 1 && measures.length > 0;
  const header = ['', ...measures.map(label), ...(compares ? [`${first.contender} / it`] : []), 'CPU of one (µs)'];
  const rows = one.contenders.map((contender) => [
    contender.contender,
    ...measures.map((measure) => figure(measure, medianOf(contender, measure))),
    ...(compares ? [contender === first ? '' : times(ratio(one, contender.contender, measures[0]))] : []),
    namesIn({ ...one, contenders: [contender] }, 'cpu')
      .map((name) => `${name} ${medianOf(contender, name, 'cpu').toFixed(0)}`)
      .join(', '),
  ]);
  return markdownTable([header, ...rows]);
}

/** The first row is the header. Columns are padded, and all but the first and last one are aligned to the right. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header, ...body] = rows;
  const widths = header.map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const isText = (column: number) => column === 0 || column === header.length - 1;
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(header), rule, ...body.map(line)].join('\n');
}
