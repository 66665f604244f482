import { sentencesIn } from './words.js';

const sentencesOf = (text: string) => [...sentencesIn(text, 'english')];

it.each([
  ['One. Two!  Three?', ['One.', 'Two!', 'Three?']],
  ['Said Dr. Smith of No. 5. He left.', ['Said Dr. Smith of No. 5.', 'He left.']],
  ['By J. R. Tolkien. Read it.', ['By J. R. Tolkien.', 'Read it.']],
  ['Fruit, e.g. pears. More.', ['Fruit, e.g. pears.', 'More.']],
  ['It costs much. [1] [2] It pays. [3]', ['It costs much. [1] [2]', 'It pays. [3]']],
  ['[1] It costs much.', ['It costs much.']],
  [' ', []],
])('%j has these sentences', (text, sentences) => {
  expect(sentencesOf(text)).toEqual(sentences);
});

it.each([
  ['initials', 'A. '],
  ['small letters', 'a! '],
  ['short sentences', 'Ab. '],
])('is quick with 200,000 characters of %s', (_what, part) => {
  const startedAt = performance.now();
  sentencesOf(part.repeat(200_000 / part.length));
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
