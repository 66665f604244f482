import { formatDuration, formatRelative } from './format.js';

it.each([
  [-5, '0 s'],
  [0, '0 s'],
  [340, '340 ms'],
  [4_200, '4.2 s'],
  [9_000, '9 s'],
  [59_400, '59 s'],
  [59_600, '1 min 00 s'],
  [184_000, '3 min 04 s'],
  [3_600_000, '1 h 00 min'],
  [7_500_000, '2 h 05 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h'],
])('%s ms last %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  [0, 'now'],
  [-1_400, 'now'],
  [-12_000, '12 sec. ago'],
  [-90_000, '1 min. ago'],
  [3_600_000 * 3, 'in 3 hr.'],
  [-86_400_000, 'yesterday'],
])('%s ms away is %s', (away, text) => expect(formatRelative(1e12 + away, 1e12)).toBe(text));
