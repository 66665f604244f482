import type { HostileCase } from './hostile-case.js';

const noTask = { status: [404], code: 'not_found' } as const;

/** Ids of tasks that are none. */
export const idCases: readonly HostileCase[] = [
  { id: 'ids-01', title: 'not a UUID', path: '/tasks/not-a-uuid', ...noTask },
  { id: 'ids-02', title: 'nil UUID', path: '/tasks/00000000-0000-0000-0000-000000000000', ...noTask },
  { id: 'ids-03', title: 'max UUID', path: '/tasks/FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', ...noTask },
  { id: 'ids-04', title: 'upper-case id of an own task', path: '/tasks/{taskIdUpper}', status: [200] },
  { id: 'ids-05', title: 'braces', path: '/tasks/%7B{taskId}%7D', ...noTask },
  { id: 'ids-07', title: 'traversal', path: '/tasks/%2e%2e%2f%2e%2e%2fetc%2fpasswd', ...noTask },
  { id: 'ids-14', title: 'dot segment', path: '/tasks/{taskId}/../{foreignTaskId}', ...noTask },
  { id: 'ids-15', title: 'undefined', path: '/tasks/undefined', ...noTask },
];

const badQuery = { status: [400], code: 'invalid_query' } as const;

/** Queries that a lenient reader would turn into something. */
export const queryCases: readonly HostileCase[] = [
  { id: 'pagination-01', title: 'limit 0', path: '/tasks?limit=0', ...badQuery },
  { id: 'pagination-03', title: 'huge', path: '/tasks?limit=1000000000', ...badQuery },
  { id: 'pagination-05', title: 'fraction', path: '/tasks?limit=10.5', ...badQuery },
  { id: 'pagination-08', title: 'trailing junk', path: '/tasks?limit=10abc', ...badQuery },
  { id: 'pagination-09', title: 'repeated', path: '/tasks?limit=1&limit=2', ...badQuery },
  { id: 'pagination-10', title: 'array syntax', path: '/tasks?limit[]=5', ...badQuery },
  { id: 'pagination-12', title: 'beyond 2^53', path: '/tasks?skip=9007199254740993', ...badQuery },
  { id: 'pagination-13', title: 'deep offset', path: '/tasks?skip=100000000&limit=100', ...badQuery },
  {
    id: 'pagination-14',
    title: 'forged cursor',
    path: '/tasks?cursor=AAAA',
    status: [400],
    code: 'invalid_cursor',
  },
  { id: 'pagination-18', title: 'SQL in order', path: '/tasks?order=ASC,(select%20pg_sleep(5))', ...badQuery },
  { id: 'pagination-22', title: 'unknown parameter', path: '/tasks?evil=1', ...badQuery },
];

/** Headers that lie. */
export const headerCases: readonly HostileCase[] = [
  {
    id: 'headers-04',
    title: 'Host header poisoning',
    method: 'POST',
    path: '/tasks',
    headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'content-type': 'application/json' },
    body: '{validTask}',
    status: [202],
    newJobs: 1,
    checks: ['links-use-public-url'],
  },
  {
    id: 'headers-06',
    title: 'CORS: foreign origin',
    path: '/tasks',
    headers: { origin: 'https://evil.example' },
    status: [200],
    checks: ['no-cors'],
  },
  {
    id: 'headers-07',
    title: 'CORS: null origin',
    path: '/tasks',
    headers: { origin: 'null' },
    status: [200],
    checks: ['no-cors'],
  },
  {
    id: 'headers-09',
    title: 'CORS preflight',
    method: 'OPTIONS',
    path: '/tasks',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' },
    status: [204],
    checks: ['no-cors'],
  },
  {
    id: 'headers-12',
    title: 'Accept: text/html on an error, markup in the path',
    path: '/tasks/<script>alert(1)</script>',
    headers: { accept: 'text/html' },
    ...noTask,
  },
  {
    id: 'headers-14',
    title: 'malformed traceparent is replaced',
    path: '/tasks/not-a-uuid',
    headers: { traceparent: '00-zz-zz-01' },
    ...noTask,
    checks: ['request-id-is-ours'],
  },
  {
    id: 'headers-15',
    title: 'x-request-id of 5 000 characters is not repeated',
    path: '/tasks',
    headers: { 'x-request-id': 'a'.repeat(5_000) },
    status: [200, 400],
    checks: ['request-id-is-ours'],
  },
];

/** Streams that are refused before they open; the others are tests of their own. */
export const streamCases: readonly HostileCase[] = [
  {
    id: 'sse-01',
    title: 'no token',
    as: 'nobody',
    path: '/tasks/{taskId}/stream',
    status: [401],
    code: 'unauthorized',
  },
  {
    id: 'sse-03',
    title: 'ticket used twice',
    as: 'nobody',
    path: '/tasks/{taskId}/stream?ticket={usedTicket}',
    status: [401],
    code: 'unauthorized',
  },
  {
    id: 'sse-06',
    title: 'foreign task',
    path: '/tasks/{foreignTaskId}/stream',
    ...noTask,
    checks: ['as-for-a-random-id'],
  },
];
