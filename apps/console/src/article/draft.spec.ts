import { changesOf, rebase, type Draft } from './draft.js';

const base = { title: 'Tides', body: 'One.\n', tags: ['sea'] };
const untouched: Draft = { ...base, tags: [...base.tags], reason: '' };

it('keeps what the other changed where the draft changed nothing', () => {
  const newest = { ...base, body: 'One.\n\nTwo.\n', tags: ['sea', 'moon'] };
  const { draft, clashes } = rebase({ ...untouched, title: 'Tides and the moon', reason: 'Clearer' }, base, newest);
  expect(draft).toEqual({ ...newest, title: 'Tides and the moon', reason: 'Clearer' });
  expect(clashes).toEqual([]);
  expect(changesOf(draft, newest)).toEqual({ title: 'Tides and the moon' });
});

it('keeps its own where both changed the same, and says where', () => {
  const mine = { ...untouched, title: 'Mine', tags: ['mine'] };
  const { draft, clashes } = rebase(mine, base, { title: 'Theirs', body: 'Theirs.\n', tags: ['theirs'] });
  expect(draft).toEqual({ ...mine, body: 'Theirs.\n' });
  expect(clashes).toEqual(['title', 'tags']);
});

it('has nothing left to save, and no clash, where both wrote the same', () => {
  const newest = { ...base, title: 'Same' };
  const { draft, clashes } = rebase({ ...untouched, title: 'Same' }, base, newest);
  expect(clashes).toEqual([]);
  expect(changesOf(draft, newest)).toEqual({});
});

it('tells tags apart that look alike when joined', () => {
  expect(changesOf({ ...untouched, tags: ['a\nb'] }, { ...base, tags: ['a', 'b'] })).toEqual({ tags: ['a\nb'] });
});
