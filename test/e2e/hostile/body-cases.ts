import { gzipSync } from 'node:zlib';
import type { HostileCase } from './hostile-case.js';

const json = { 'content-type': 'application/json' };
const submit = { method: 'POST', path: '/tasks', headers: json } as const;
const invalid = { ...submit, status: [422], code: 'validation_failed' } as const;
const badMedia = { method: 'POST', path: '/tasks', status: [415], code: 'unsupported_media_type' } as const;

/** Bodies that no client library would send. */
export const encodingCases: readonly HostileCase[] = [
  { id: 'encoding-02', title: 'JSON null', body: 'null', ...invalid },
  { id: 'encoding-03', title: 'JSON string', body: '"x"', ...invalid },
  { id: 'encoding-05', title: 'JSON array of valid items', body: '[{validTask}]', ...invalid },
  {
    id: 'encoding-08',
    title: 'UTF-8 BOM before JSON',
    body: '\ufeff{validTask}',
    ...submit,
    status: [202, 400],
    newJobs: 1,
  },
  {
    id: 'encoding-11',
    title: 'lone surrogate',
    body: '{"task_type":"simulation","metadata":{"a":"\\ud800"}}',
    ...invalid,
  },
  {
    id: 'encoding-14',
    title: 'duplicate keys: what runs is what the answer says',
    body: '{"task_type":"evil","task_type":"simulation","run_at":"{later}"}',
    ...submit,
    status: [202],
    newJobs: 1,
    checks: ['kind-is-the-last-one'],
  },
  {
    id: 'encoding-15',
    title: 'deeply nested array 40 000',
    body: () => '['.repeat(40_000) + ']'.repeat(40_000),
    ...submit,
    status: [400, 422],
  },
  {
    id: 'encoding-16',
    title: 'deeply nested object 9 000 inside metadata',
    body: () => `{"task_type":"simulation","metadata":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_001)}`,
    ...invalid,
  },
  {
    id: 'encoding-19',
    title: 'charset utf-16',
    body: '{validTask}',
    ...badMedia,
    headers: { 'content-type': 'application/json; charset=utf-16' },
  },
  {
    id: 'encoding-20',
    title: 'unknown charset',
    body: '{validTask}',
    ...badMedia,
    headers: { 'content-type': 'application/json; charset=foo' },
  },
  {
    id: 'encoding-22',
    title: 'urlencoded body',
    body: 'task_type=simulation&metadata[a]=1',
    ...badMedia,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  { id: 'encoding-24', title: 'no content type', body: '{validTask}', ...badMedia },
];

const manyKeys = () =>
  JSON.stringify({
    task_type: 'simulation',
    metadata: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1])),
  });

/** JSON that is no submit body. */
export const validationCases: readonly HostileCase[] = [
  { id: 'validation-02', title: 'missing type', ...invalid, body: { duration: 1 } },
  { id: 'validation-03', title: 'unknown type', ...invalid, body: { task_type: 'rm -rf' } },
  { id: 'validation-04', title: 'type is an inherited object key', ...invalid, body: { task_type: 'constructor' } },
  { id: 'validation-05', title: 'type is __proto__', ...invalid, body: { task_type: '__proto__' } },
  { id: 'validation-07', title: 'url is an array', ...invalid, body: { task_type: 'web_scrape', url: [{ a: 1 }] } },
  { id: 'validation-08', title: 'url is no URL', ...invalid, body: { task_type: 'web_scrape', url: 'x' } },
  { id: 'validation-09', title: 'url is null', ...invalid, body: { task_type: 'web_scrape', url: null } },
  {
    id: 'validation-12',
    title: 'mass assignment: what belongs to the system',
    ...invalid,
    body: {
      task_type: 'simulation',
      attempt: 0,
      attempts: 0,
      fence: 999,
      status: 'SUCCESS',
      owner_id: '{otherUserId}',
      lease_expires_at: '2099-01-01T00:00:00Z',
    },
  },
  { id: 'validation-17', title: 'float where integer', ...invalid, body: { task_type: 'simulation', duration: 1.5 } },
  { id: 'validation-18', title: 'NoSQL style operator object', ...invalid, body: { task_type: { $gt: '' } } },
  {
    id: 'validation-19',
    title: 'absurd future',
    ...invalid,
    body: { task_type: 'simulation', run_at: '9999-12-31T23:59:59Z' },
  },
  { id: 'validation-22', title: 'metadata with 10 000 keys', ...invalid, body: manyKeys },
  {
    id: 'validation-27',
    title: 'body on GET is ignored',
    path: '/tasks/{taskId}',
    headers: json,
    body: { owner_id: '{otherUserId}' },
    status: [200, 400],
  },
];

/** More of something than anybody needs. */
export const sizeCases: readonly HostileCase[] = [
  {
    id: 'size-03',
    title: 'gzip bomb request body 100 MB',
    ...badMedia,
    headers: { ...json, 'content-encoding': 'gzip' },
    body: () => gzipSync(Buffer.alloc(100_000_000)),
    checks: ['memory-is-bounded'],
  },
  {
    id: 'size-04',
    title: 'unknown content-encoding',
    ...badMedia,
    headers: { ...json, 'content-encoding': 'lzma' },
    body: '{validTask}',
  },
  { id: 'size-08', title: 'URL of 20 kB', path: `/tasks?q=${'a'.repeat(20_000)}`, status: [400, 414, 431] },
  {
    id: 'size-09',
    title: 'one header of 20 kB',
    path: '/tasks',
    headers: { 'x-a': 'a'.repeat(20_000) },
    status: [431],
    code: 'headers_too_large',
  },
];
