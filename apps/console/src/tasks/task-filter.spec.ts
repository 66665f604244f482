import { readTaskSearch, taskQuery } from './task-filter.js';

const all = {
  ...{ status: 'FAILED', type: 'web_scrape', owner: 'ada', q: 'tides' },
  ...{ after: '2026-01-31T12:00:00.000Z', before: '2026-02-01T00:00:00.000Z' },
};
const user = { id: 'ada', username: 'ada', roles: ['user' as const] };

it('takes a whole address as it stands', () => expect(readTaskSearch(all)).toEqual(all));

it.each([
  ['a status that there is not', { status: 'LOST' }],
  ['a status in other letters', { status: 'failed' }],
  ['a list where one is meant', { status: ['FAILED'], q: ['a'] }],
  ['a kind that can be none', { type: '../admin' }],
  ['a text that is too long', { q: 'x'.repeat(201), owner: 'x'.repeat(256) }],
  ['what is no time', { after: 'yesterday', before: 12 }],
  ['what is unknown', { cursor: 'abc', limit: 1 }],
])('leaves out %s', (_what, search) => expect(readTaskSearch(search)).toEqual({}));

it('takes a search for a number, which addresses do not tell from a text', () =>
  expect(readTaskSearch({ q: 4711 })).toEqual({ q: '4711' }));

it('asks for the tasks of others for admins alone', () => {
  const search = readTaskSearch({ owner: 'grace', q: 'tides' });
  expect(taskQuery(search, user)).toEqual({ q: 'tides' });
  expect(taskQuery(search, { ...user, roles: ['admin'] })).toEqual({ owner_id: 'grace', q: 'tides' });
});
