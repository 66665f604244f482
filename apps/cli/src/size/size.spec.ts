import { simulate } from './simulate.js';
import { slotsFor, UnstableError, waitingOf, type Station } from './queueing.js';

// Millions of simulated jobs.
jest.setTimeout(120_000);

/** The difference of two numbers as a part of the second. */
const apart = (a: number, b: number) => Math.abs(a - b) / b;

/** How many jobs are played, so that chance alone stays well below 10 %. */
const stations: readonly (readonly [string, number, Station])[] = [
  ['one slot', 500_000, { rate: 0.8, seconds: 1, slots: 1 }],
  ['a thousand tasks an hour', 400_000, { rate: 1_000 / 3_600, seconds: 30, slots: 10 }],
  ['ten thousand an hour', 500_000, { rate: 10_000 / 3_600, seconds: 30, slots: 90 }],
  ['a hundred thousand an hour', 1_000_000, { rate: 100_000 / 3_600, seconds: 5, slots: 150 }],
  ['a million an hour', 1_500_000, { rate: 1_000_000 / 3_600, seconds: 0.5, slots: 145 }],
];

test.each(stations)('the formulas and a simulation differ by less than 10 %%: %s', (_name, jobs, station) => {
  const formula = waitingOf(station);
  const seen = simulate(station, jobs, 6);
  expect(apart(seen.running, formula.running)).toBeLessThan(0.01);
  expect(apart(seen.waits, formula.waits)).toBeLessThan(0.1);
  expect(apart(seen.meanSeconds, formula.meanSeconds)).toBeLessThan(0.1);
  expect(apart(seen.p95Seconds, formula.p95Seconds)).toBeLessThan(0.1);
});

test('a million tasks an hour of half a minute each keep 8,333 slots busy', () => {
  const station = { rate: 1_000_000 / 3_600, seconds: 30, slots: 8_500 };
  expect(apart(simulate(station, 1_000_000, 6).running, waitingOf(station).running)).toBeLessThan(0.01);
});

test('known values: one slot at 80 %, and the table of Erlang C', () => {
  expect(waitingOf({ rate: 0.8, seconds: 1, slots: 1 })).toMatchObject({ usage: 0.8, waits: 0.8 });
  expect(waitingOf({ rate: 0.8, seconds: 1, slots: 1 }).waiting).toBeCloseTo(3.2, 9);
  // 20 erlangs on 25 slots: C = 0.2092 in the published tables.
  expect(waitingOf({ rate: 20, seconds: 1, slots: 25 }).waits).toBeCloseTo(0.2092, 3);
});

test('work that is more than there are slots is refused as unstable', () => {
  expect(() => waitingOf({ rate: 2, seconds: 10, slots: 20 })).toThrow(UnstableError);
  expect(() => waitingOf({ rate: 2, seconds: 10, slots: 20 })).toThrow('unstable: 20.0 jobs');
});

test('the fewest slots keep the wait, and one less does not', () => {
  for (const [rate, seconds, limit] of [
    [3, 30, 5],
    [0.01, 600, 60],
    [277, 0.5, 0.1],
  ] as const) {
    const slots = slotsFor(rate, seconds, limit);
    expect(waitingOf({ rate, seconds, slots }).p95Seconds).toBeLessThanOrEqual(limit);
    const fewer = slots - 1;
    const tooFew = fewer <= rate * seconds || waitingOf({ rate, seconds, slots: fewer }).p95Seconds > limit;
    expect(tooFew).toBe(true);
  }
});
