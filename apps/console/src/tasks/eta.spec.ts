import { remainingMs } from './eta.js';

const second = 1_000;
const steady = (reports: number, percentEach: number) =>
  Array.from({ length: reports }, (_, number) => ({ at: number * second, percent: number * percentEach }));

it.each([
  ['nothing', []],
  ['one report', [{ at: 0, percent: 40 }]],
  [
    'reports without progress',
    [
      { at: 0, percent: 40 },
      { at: second, percent: 40 },
    ],
  ],
  [
    'progress that was taken back',
    [
      { at: 0, percent: 40 },
      { at: second, percent: 10 },
    ],
  ],
  [
    'reports of the same moment',
    [
      { at: 0, percent: 10 },
      { at: 0, percent: 40 },
    ],
  ],
])('cannot tell from %s', (_what, points) => expect(remainingMs(points, second)).toBeNull());

it('goes on at the pace of the reports, and counts down between them', () => {
  const points = steady(5, 10);
  expect(remainingMs(points, 4 * second)).toBe(6 * second);
  expect(remainingMs(points, 6 * second)).toBe(4 * second);
  expect(remainingMs(points, 60 * second)).toBe(0);
});

it('believes the latest reports, not the pace of long ago', () => {
  const slow = Array.from({ length: 30 }, (_, number) => ({ at: number * 60 * second, percent: number / 10 }));
  const from = 29 * 60 * second;
  const fast = Array.from({ length: 30 }, (_, number) => ({ at: from + number * second, percent: 3 + number }));
  expect(remainingMs([...slow, ...fast], from + 29 * second)).toBe(68 * second);
});
