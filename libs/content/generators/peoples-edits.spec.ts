import { editsOf } from './peoples-edits.js';

const version = (number: number, origin: 'draft' | 'edit' | 'refinement', body: string) => ({
  ...{ number, origin, parent: number - 1, body },
});

it('knows what people wrote, and what they took out', () => {
  const edits = editsOf([version(1, 'draft', 'One.\n\nTwo.'), version(2, 'edit', 'One.\n\nMine.')]);
  expect(edits.written).toEqual([{ heading: null, markdown: 'Mine.' }]);
  expect([edits.removed('Two.'), edits.removed('One.')]).toEqual([true, false]);
});

it('takes nothing of the first version that it knows for a person’s: the history may begin with an edit', () => {
  const edits = editsOf([version(9, 'edit', 'One.\n\nTwo.'), version(10, 'edit', 'One.\n\nTwo.\n\nMine.')]);
  expect(edits.written.map(({ markdown }) => markdown)).toEqual(['Mine.']);
});
