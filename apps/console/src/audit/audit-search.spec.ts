import { auditQuery, day, readAuditSearch } from './audit-search.js';

const content = '01900000-0000-7000-8000-000000000001';

it('takes what an address of the audit can have', () => {
  const search = { decision: 'approved', actor: 'ada', content, from: '2026-01-31', to: '2026-02-01' };
  expect(readAuditSearch(search)).toEqual(search);
});

it.each([
  ['a decision that there is not', { decision: 'deleted' }],
  ['an item that has no such id', { content: `${content}/../1` }],
  ['a day that there is not', { from: '2026-13-01', to: '31.1.2026' }],
  ['a day that no month has', { from: '2026-02-30' }],
  ['a moment in place of a day', { from: '2026-01-31T12:00:00Z' }],
])('leaves out %s', (_what, search) => expect(readAuditSearch(search)).toEqual({}));

it('asks from the beginning of the first day to the end of the last', () => {
  const { from, to } = auditQuery({ from: '2026-01-31', to: '2026-01-31' });
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000 - 1);
});

it('takes a day for one when its year is typed to the end', () => {
  const typed = ['0002-11-22', '0020-11-22', '0202-11-22', '2026-11-22', '20261-11-22'];
  expect(typed.map(day)).toEqual([undefined, undefined, undefined, '2026-11-22', undefined]);
});
