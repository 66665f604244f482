import { editDistance, swaps } from './edit-distance.js';

it.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['pump', 'pump', 0],
  ['pmup', 'pump', 1],
  ['roff', 'roof', 1],
  ['longhual', 'longhaul', 1],
  ['elefants', 'elephants', 2],
  ['kitten', 'sitting', 3],
  // Restricted: a swap whose letters are edited once more counts as three.
  ['ca', 'abc', 3],
  ['größe', 'grösse', 2],
  ['🙂a', 'a🙂', 1],
])('from %s to %s it takes %i', (one, other, edits) => {
  expect(editDistance(one, other)).toBe(edits);
  expect(editDistance(other, one)).toBe(edits);
});

it('swaps neighbours, and none that are the same', () => {
  expect(swaps('cost')).toEqual(['ocst', 'csot', 'cots']);
  expect(swaps('aab')).toEqual(['aba']);
  expect(swaps('a')).toEqual([]);
});
