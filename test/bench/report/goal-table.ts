import { goals, type Goal } from '../goals.js';
import { figure, label, times } from './figures.js';
import type { BenchmarkResult } from './result.js';
import { medianOf, ratio } from './statistics.js';
import { markdownTable } from './table.js';

/** What was measured of a goal; NaN when it was not. */
export function reached(goal: Goal, results: readonly BenchmarkResult[]): number {
  const result = results.find(({ benchmark, backend }) => benchmark === goal.benchmark && backend === goal.backend);
  const found = result?.cases.find(({ name }) => name === goal.case);
  if (found === undefined) return NaN;
  if (goal.against !== undefined) return ratio(found, goal.against, goal.measure);
  return medianOf(found.contenders[0], goal.measure);
}

export function isMet({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

/** Measured, goal, met or not. @param all also goals that these results say nothing about. */
export function goalTable(results: readonly BenchmarkResult[], all: boolean): string {
  const rows = goals.flatMap((goal) => {
    const value = reached(goal, results);
    return Number.isNaN(value) && !all ? [] : [goalRow(goal, value)];
  });
  return rows.length === 0 ? '' : markdownTable([['goal', 'measured', 'wanted', ''], ...rows]);
}

function goalRow(goal: Goal, value: number): string[] {
  const { benchmark, backend, measure, against, atLeast, atMost } = goal;
  const shown = (number: number) => (against === undefined ? figure(measure, number) : times(number));
  const wanted = [
    ...(atLeast === undefined ? [] : [`≥ ${shown(atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${shown(atMost)}`]),
  ];
  const what = `${label(measure)}${against === undefined ? '' : ` / ${against}`}`;
  const verdict = Number.isNaN(value) ? 'not measured' : isMet(goal, value) ? 'met' : 'not met';
  return [`${benchmark} [${backend}] ${goal.case}: ${what}`, shown(value), wanted.join(', '), verdict];
}
