import type { BenchmarkResult } from './result.js';
import { figure, label } from './figures.js';
import { markdownTable } from './table.js';
import { medianOf, namesIn } from './statistics.js';

/**
 * How each measure of Longhaul changed since an older run, with how its first peer changed: when both changed alike, it
 * was the machine.
 */
export function comparison(results: readonly BenchmarkResult[], baseline: readonly BenchmarkResult[]): string {
  const rows = results.flatMap((result) => {
    const old = baseline.find(({ benchmark, backend }) => benchmark === result.benchmark && backend === result.backend);
    return old === undefined ? [] : comparedCases(result, old);
  });
  if (rows.length === 0) return 'The baseline holds none of these benchmarks.';
  return markdownTable([['', 'measure', 'before', 'now', 'change', 'first peer'], ...rows]);
}

function comparedCases(result: BenchmarkResult, old: BenchmarkResult): string[][] {
  return result.cases.flatMap((one) => {
    const before = old.cases.find(({ name }) => name === one.name);
    if (before === undefined) return [];
    return namesIn(one, 'values').map((measure) => {
      const values = [before, one].map(({ contenders }) => medianOf(contenders[0], measure));
      const [peerBefore, peerNow] = [before, one].map(({ contenders }) =>
        contenders.length > 1 ? medianOf(contenders[1], measure) : NaN,
      );
      return [
        `${result.benchmark} [${result.backend}] ${one.name}`,
        label(measure),
        ...values.map((value) => figure(measure, value)),
        change(values[0], values[1]),
        change(peerBefore, peerNow),
      ];
    });
  });
}

function change(before: number, now: number): string {
  const percent = (now / before - 1) * 100;
  return Number.isFinite(percent) ? `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %` : '–';
}
