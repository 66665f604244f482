import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseResult } from '../measures.js';
import { comparison } from './baseline.js';
import { figure, label, times } from './figures.js';
import { goalTable, isMet, reached } from './goal-table.js';
import { keepResults, readResults, type BenchmarkResult } from './result.js';
import { median, percentile, ratio } from './statistics.js';
import { caseTable } from './table.js';

function caseOf(name: string, contenders: Readonly<Record<string, readonly number[]>>): CaseResult {
  return {
    name,
    contenders: Object.entries(contenders).map(([contender, rates]) => ({
      contender,
      rounds: rates.map((rate) => ({ values: { requests_per_second: rate, p99_ms: 10_000 / rate }, cpu: { api: 50 } })),
    })),
  };
}

function resultOf(cases: readonly CaseResult[], about: Partial<BenchmarkResult> = {}): BenchmarkResult {
  return {
    benchmark: 'submit',
    backend: 'redis',
    cases,
    quick: false,
    rounds: 3,
    commit: 'abc',
    machine: { cpu: 'c', cores: 2, memoryGb: 24, kernel: 'k', syncUs: 200, versions: { node: '24' } },
    date: '2026-01-02T03:04:05.000Z',
    ...about,
  };
}

const slowThenFast = caseOf('64 connections, workers stopped', {
  longhaul: [3_000, 6_000, 9_000],
  'nest-fastify': [6_000, 10_000, 15_000],
  'usual-way': [500, 1_000, 1_000],
});

describe('statistics', () => {
  it('takes medians and percentiles', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, NaN]);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(hundred, 50), percentile(hundred, 99), percentile([7], 99)]).toEqual([50, 99, 7]);
  });

  it('divides neighbouring rounds, so that a machine that is slow for a while does not count', () => {
    // The quotient of the medians would be the same here only if every round had been equally fast.
    expect(ratio(slowThenFast, 'nest-fastify', 'requests_per_second')).toBeCloseTo(0.6);
    expect(ratio(slowThenFast, 'usual-way', 'requests_per_second')).toBeCloseTo(6);
    expect(ratio(slowThenFast, 'nobody', 'requests_per_second')).toBeNaN();
  });
});

describe('figures', () => {
  it('carry the unit that their name says', () => {
    expect(figure('requests_per_second', 11_600)).toBe('11,600/s');
    expect(figure('p99_ms', 4.1234)).toBe('4.12 ms');
    expect(figure('client_kb', 12)).toBe('12 kB');
    expect(figure('events_written', 5)).toBe('5');
    expect(figure('p99_ms', NaN)).toBe('–');
    expect([label('requests_per_second'), label('p99_ms'), label('first_job_ms')]).toEqual([
      'requests',
      'p99',
      'first job',
    ]);
    expect(times(0.00456)).toBe('0.005×');
  });
});

describe('tables', () => {
  it('show medians and quotients of each contender', () => {
    const lines = caseTable(slowThenFast).split('\n');
    expect(lines[0]).toMatch(/\| +requests +\| +p99 +\| +longhaul \/ it +\| CPU/);
    expect(lines[2]).toMatch(/^\| longhaul +\| +6,000\/s \| +1.67 ms \|/);
    expect(lines[3]).toMatch(/^\| nest-fastify +\| +10,000\/s .* 0.6× \| api 50/);
  });

  it('say which goals are met, and which say nothing', () => {
    const results = [resultOf([slowThenFast])];
    const [throughput] = goalTable(results, false).split('\n').slice(2);
    expect(throughput).toMatch(/64 connections.*nest-fastify.*0.6×.*≥ 0.6×.* met /);
    expect(goalTable([], false)).toBe('');
    expect(goalTable([], true)).toContain('not measured');
    const goal = {
      benchmark: 'submit',
      backend: 'redis',
      case: slowThenFast.name,
      measure: 'p99_ms',
      atMost: 1,
    } as const;
    expect(isMet(goal, reached(goal, results))).toBe(false);
  });

  it('compare with a baseline', () => {
    const before = caseOf(slowThenFast.name, { longhaul: [3_000], 'nest-fastify': [10_000] });
    const table = comparison([resultOf([slowThenFast])], [resultOf([before])]);
    expect(table).toMatch(/requests \| +3,000\/s \| +6,000\/s \| +\+100.0 % \| 0.0 %/);
    expect(comparison([resultOf([])], [])).toMatch(/none of these/);
  });
});

describe('the file of results', () => {
  it('keeps the last result of each benchmark on each backend', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
    const path = join(folder, 'results.json');
    try {
      expect(await readResults(path)).toEqual({ results: [] });
      await keepResults(path, [resultOf([]), resultOf([], { backend: 'postgres' })]);
      await keepResults(path, [resultOf([slowThenFast])]);
      const { results } = await readResults(path);
      expect(results.map(({ backend, cases }) => [backend, cases.length])).toEqual([
        ['postgres', 0],
        ['redis', 1],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
