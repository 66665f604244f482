import { readArticleSearch } from './article-search.js';

it('takes what an address of an article can have', () => {
  const search = { tab: 'compare', from: 1, to: 12, view: 'words' };
  expect(readArticleSearch(search)).toEqual(search);
});

it.each([0, -1, 1.5, '1', 1e7, null])('leaves out %p, which is the number of no version', (version) =>
  expect(readArticleSearch({ version, from: version, to: version })).toEqual({}),
);

it('leaves out a tab that there is not', () => expect(readArticleSearch({ tab: 'raw', view: 'html' })).toEqual({}));
