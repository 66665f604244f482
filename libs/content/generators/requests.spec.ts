import { reasonOfRevision, requestsBehind } from './requests.js';

const version = (number: number, parent: number | null, request: string | null, step: string | null = 'revise') => ({
  ...{ number, parent, step },
  reason: request === null ? null : reasonOfRevision(request, 'Left out batteries.'),
});

describe('the requests behind a version', () => {
  const draft = version(1, null, null, 'draft');

  it('are those of all versions that lead to it, oldest first, over edits too', () => {
    const edit = { number: 3, parent: 2, step: null, reason: 'A typo.\n\nDone: a lot' };
    const versions = [draft, version(2, 1, 'Drop the batteries.'), edit, version(4, 3, 'Shorter.\n\nMuch shorter.')];
    expect(requestsBehind(versions)).toEqual(['Drop the batteries.', 'Shorter.\n\nMuch shorter.']);
  });

  it('are not those of versions that were given up', () => {
    const rollback = { number: 3, parent: 1, step: null, reason: 'Back to the first one.' };
    expect(requestsBehind([draft, version(2, 1, 'Drop the batteries.'), rollback])).toEqual([]);
    expect(requestsBehind([])).toEqual([]);
  });
});
