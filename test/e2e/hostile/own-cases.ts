import type { HostileCase } from './hostile-case.js';
import { cursorOfRank } from './site-cases.js';

const json = { 'content-type': 'application/json' };
const noTask = { status: [404], code: 'not_found' } as const;
const badQuery = { status: [400], code: 'invalid_query' } as const;
const badHeader = { path: '/tasks/{taskId}/stream', status: [400], code: 'invalid_header' } as const;
const refused = { path: '/tasks', status: [401], code: 'unauthorized' } as const;
const notAllowed = { status: [405], code: 'method_not_allowed', checks: ['task-unchanged'] } as const;

/** Tokens, as each of these has opened some other API. */
export const ownTokenCases: readonly HostileCase[] = [
  ...[
    'psychic-signature',
    'embedded-jwk',
    'critical-header',
    'not-yet',
    'expired',
    'exp-text',
    'kid-object',
    'type-jwt',
    'alg-in-small-letters',
    'other-version',
    'subject-object',
    'subject-sql',
    'header-array',
    'oidc-key-for-local',
    'none-in-capitals',
  ].map((name) => ({ id: `own-token-${name}`, title: name, as: `token:${name}`, ...refused }) as const),
  { id: 'own-token-basic', title: 'basic credentials', as: 'raw:Basic dXNlcjpwYXNz', ...refused },
  { id: 'own-token-words', title: 'no token at all', as: 'raw:Bearer a.b.c', ...refused },
  { id: 'own-token-many-dots', title: 'dots', as: `raw:Bearer ${'.'.repeat(3_000)}`, ...refused },
  { id: 'own-token-two', title: 'two tokens', as: 'raw:Bearer {userToken}, Bearer {userToken}', ...refused },
  { id: 'own-token-scheme', title: 'token under another scheme', as: 'raw:Token {userToken}', ...refused },
];

/** Paths, methods and queries. */
export const ownUrlCases: readonly HostileCase[] = [
  { id: 'own-path-nul', title: 'NUL', path: '/tasks/%00', ...noTask },
  { id: 'own-path-nul-after', title: 'NUL after an id', path: '/tasks/{taskId}%00', ...noTask },
  { id: 'own-path-no-utf8', title: 'no UTF-8', path: '/tasks/%ff', status: [400, 404] },
  { id: 'own-path-percent', title: 'lone percent', path: '/tasks/%', status: [400, 404] },
  { id: 'own-path-crlf', title: 'CRLF', path: '/tasks/%0d%0aset-cookie:a=b', ...noTask },
  { id: 'own-path-case', title: 'capitals', path: '/TASKS', ...noTask },
  { id: 'own-path-matrix', title: 'matrix parameter', path: '/tasks;a=1', ...noTask },
  { id: 'own-path-slash', title: 'escaped slash', path: '/tasks%2f{taskId}', ...noTask },
  { id: 'own-path-long', title: '5,000 characters', path: `/tasks/${'a'.repeat(5_000)}`, ...noTask },
  { id: 'own-path-uuid-plus', title: 'id with a newline', path: '/tasks/{taskId}%0a', ...noTask },
  { id: 'own-method-put', title: 'PUT', method: 'PUT', path: '/tasks/{taskId}', as: 'nobody', ...notAllowed },
  { id: 'own-method-trace', title: 'TRACE', method: 'TRACE', path: '/tasks', as: 'nobody', ...notAllowed },
  { id: 'own-method-propfind', title: 'PROPFIND', method: 'PROPFIND', path: '/tasks', ...notAllowed },
  { id: 'own-method-delete-all', title: 'DELETE of the collection', method: 'DELETE', path: '/tasks', ...notAllowed },
  {
    id: 'own-method-query',
    title: 'method in the query',
    method: 'POST',
    path: '/tasks/{taskId}?_method=DELETE',
    ...notAllowed,
  },
  { id: 'own-query-nul', title: 'NUL', path: '/tasks?q=%00', ...badQuery },
  { id: 'own-query-status', title: 'status in small letters', path: '/tasks?status=pending', ...badQuery },
  { id: 'own-query-no-status', title: 'empty status', path: '/tasks?status=', ...badQuery },
  { id: 'own-query-day', title: 'a day that is not', path: '/tasks?created_after=2026-02-30T00:00:00Z', ...badQuery },
  { id: 'own-query-zone', title: 'time without zone', path: '/tasks?created_after=2026-02-01T00:00:00', ...badQuery },
  { id: 'own-query-skip', title: 'negative skip', path: '/tasks?skip=-1', ...badQuery },
  { id: 'own-query-digits', title: 'other digits', path: '/tasks?limit=%D9%A5', ...badQuery },
  { id: 'own-query-spaces', title: 'space before a number', path: '/tasks?limit=%205', ...badQuery },
  { id: 'own-query-hex', title: 'hexadecimal', path: '/tasks?limit=0x10', ...badQuery },
  { id: 'own-query-exponent', title: 'exponent', path: '/tasks?limit=1e1', ...badQuery },
  { id: 'own-query-object', title: 'object syntax', path: '/tasks?status[$ne]=SUCCESS', ...badQuery },
  { id: 'own-query-proto', title: '__proto__', path: '/tasks?__proto__[admin]=1', ...badQuery },
  { id: 'own-query-q', title: 'long text', path: `/tasks?q=${'a'.repeat(201)}`, ...badQuery },
  { id: 'own-query-wildcards', title: 'wildcards are text', path: '/tasks?q=%25_%25_%5C', status: [200] },
  {
    id: 'own-query-cursor',
    title: 'SQL in a cursor',
    path: `/tasks?cursor=${Buffer.from("before:' OR 1=1 --").toString('base64url')}`,
    status: [400],
    code: 'invalid_cursor',
  },
  ...['9e99', '1e-46'].map((rank) => ({
    id: `own-query-rank-${rank}`,
    title: `a rank of ${rank} in a cursor`,
    as: 'nobody' as const,
    path: `/public/search?q=moon&cursor=${cursorOfRank(rank)}`,
    status: [400],
    code: 'invalid_cursor',
  })),
  {
    id: 'own-query-after',
    title: 'seq beyond an integer',
    path: '/tasks/{taskId}/events?after=2147483648',
    ...badQuery,
  },
  { id: 'own-query-from', title: 'from a word', path: '/tasks/{taskId}/stream?from=start', ...badQuery },
  {
    id: 'own-query-ticket',
    title: 'invented ticket',
    as: 'nobody',
    path: '/tasks/{taskId}/stream?ticket=abc',
    status: [401],
  },
];

/** Headers that mean something here. */
export const ownHeaderCases: readonly HostileCase[] = [
  ...['-1', 'abc', '1e3', '1,2', '1.5'].map(
    (id) => ({ id: `own-last-event-id ${id}`, title: id, headers: { 'last-event-id': id }, ...badHeader }) as const,
  ),
  ...['', 'a b', 'x'.repeat(256), '"open', '\xe9', '""'].map(
    (key) =>
      ({
        id: `own-idempotency-key ${key.slice(0, 10)}`,
        title: 'is refused',
        method: 'POST',
        path: '/tasks',
        headers: { ...json, 'idempotency-key': key },
        body: '{validTask}',
        status: [400],
        code: 'invalid_header',
      }) as const,
  ),
  ...['wait', 'wait=', 'wait=abc', 'wait=-1', 'wait=1.5', 'wait="', '=,;='].map(
    (prefer) =>
      ({
        id: `own-prefer ${prefer}`,
        title: 'is refused or not heeded',
        path: '/tasks/{taskId}',
        headers: { prefer },
        status: [200, 400],
      }) as const,
  ),
  ...['"', '*/*', 'W/', '"a" "b"', '\xff'].map(
    (etag) =>
      ({
        id: `own-if-none-match ${etag}`,
        title: 'matches nothing',
        path: '/tasks/{taskId}',
        headers: { 'if-none-match': etag },
        status: [200, 400],
      }) as const,
  ),
  {
    id: 'own-forwarded-for',
    title: 'a spoofed address changes nothing',
    as: 'nobody',
    path: '/tasks',
    headers: { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' },
    status: [401],
  },
];
