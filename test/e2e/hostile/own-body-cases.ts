import type { HostileCase } from './hostile-case.js';

const json = { 'content-type': 'application/json' };
const submit = { method: 'POST', path: '/tasks', headers: json } as const;
const invalid = { ...submit, status: [422], code: 'validation_failed' } as const;
const malformed = { ...submit, status: [400], code: 'malformed_json' } as const;
const accepted = { ...submit, status: [202], newJobs: 1 } as const;
const media = { method: 'POST', path: '/tasks', status: [415], code: 'unsupported_media_type' } as const;
const batch = { method: 'POST', path: '/tasks/batch', headers: json } as const;
const login = { method: 'POST', path: '/auth/token', as: 'nobody', headers: json } as const;
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const task = (fields: object) => ({ task_type: 'simulation', run_at: '{later}', ...fields });
/** JSON as text, for what an object cannot hold. */
const text = (fields: string) => `{"task_type":"simulation","run_at":"{later}",${fields}}`;
const nested = (levels: number) => () => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

/** Fields of the wrong kind, each refused with 422. */
const wrongFields: Readonly<Record<string, object | string>> = {
  'priority as text': task({ priority: '5' }),
  'priority beyond its limit': task({ priority: 101 }),
  'infinite priority': text('"priority":1e400'),
  'timeout 0': task({ timeout_seconds: 0 }),
  'timeout null': task({ timeout_seconds: null }),
  'no attempts': task({ max_attempts: 0 }),
  'metadata as array': task({ metadata: [] }),
  'metadata null': task({ metadata: null }),
  'run_at as number': task({ run_at: 1_700_000_000 }),
  'run_at as object': task({ run_at: { toString: 1, valueOf: null } }),
  'run_at on a day that is not': task({ run_at: '2026-02-30T00:00:00Z' }),
  'run_at without zone': task({ run_at: '2026-02-01T00:00:00' }),
  'negative duration': task({ duration: -1 }),
  'probability above 1': task({ fail_probability: 1.01 }),
  'cpu as text': task({ cpu: 'true' }),
  'unknown field': task({ evil: 1 }),
  'field of another kind': task({ url: 'https://example.com' }),
  'constructor as a field': text('"constructor":{"name":"x"}'),
  'prototype as a field': text('"prototype":{}'),
  'NUL in a value': task({ metadata: { a: 'x\0y' } }),
  'NUL in a key': task({ metadata: { 'x\0y': 1 } }),
  'lone surrogate in a key': text('"metadata":{"\\udc00":1}'),
  'nested 33 deep': text(`"metadata":${JSON.stringify(nested(33)())}`),
  '1,001 keys': task({ metadata: keys(1_001) }),
};

/** Bodies that the shared list does not have. */
export const ownBodyCases: readonly HostileCase[] = [
  ...Object.entries(wrongFields).map(
    ([title, body]) => ({ id: `own-body ${title}`, title: 'is 422', ...invalid, body }) as const,
  ),
  {
    id: 'own-body-proto',
    title: '__proto__',
    ...submit,
    body: text('"metadata":{"__proto__":{"a":1}}'),
    status: [400, 422],
  },
  {
    id: 'own-body-deep',
    title: 'nested 30 deep is fine',
    ...accepted,
    body: text(`"metadata":${JSON.stringify(nested(30)())}`),
  },
  { id: 'own-body-keys', title: '900 keys are fine', ...accepted, body: task({ metadata: keys(900) }) },
  {
    id: 'own-body-prototype-words',
    title: 'metadata may hold any word',
    ...accepted,
    body: text('"metadata":{"constructor":{"prototype":1},"toString":1,"$where":"1"}'),
  },
  { id: 'own-body-utf8', title: 'no UTF-8', ...malformed, body: () => Buffer.from([0x22, 0xff, 0xfe, 0x22]) },
  { id: 'own-body-empty', title: 'empty', ...malformed, body: '' },
  { id: 'own-body-rest', title: 'something after the JSON', ...malformed, body: '{validTask} x' },
  { id: 'own-body-comment', title: 'comment', ...malformed, body: '{/* */}' },
  { id: 'own-body-nan', title: 'NaN', ...malformed, body: text('"priority":NaN') },
  {
    id: 'own-body-large',
    title: 'one byte more than 1 MiB',
    ...submit,
    body: () => 'x'.repeat(1_048_577),
    status: [413],
    code: 'body_too_large',
  },
  {
    id: 'own-media-capitals',
    title: 'media type in capitals',
    ...accepted,
    headers: { 'content-type': 'APPLICATION/JSON; Charset="UTF-8"' },
    body: '{validTask}',
  },
  ...[
    'application/jsonx',
    'text/json',
    'text/plain',
    'application/x-ndjson',
    'json',
    'multipart/form-data; boundary=a',
  ].map(
    (type) =>
      ({
        id: `own-media ${type}`,
        title: 'is 415',
        ...media,
        headers: { 'content-type': type },
        body: '{validTask}',
      }) as const,
  ),
  { id: 'own-batch-empty', title: 'no items', ...batch, body: '[]', status: [422] },
  { id: 'own-batch-object', title: 'no array', ...batch, body: '{validTask}', status: [422] },
  { id: 'own-batch-many', title: '1,001 items', ...batch, body: `[${'1,'.repeat(1_000)}1]`, status: [422] },
  {
    id: 'own-batch-mixed',
    title: 'hostile items are refused one by one',
    ...batch,
    body: '[{validTask},null,[],{"task_type":"simulation","metadata":{"a":"\\u0000"}},{"run_at":{"toString":1}},{validTask}]',
    status: [200],
    newJobs: 2,
  },
  {
    id: 'own-login-object',
    title: 'operator as a name',
    ...login,
    body: { username: { $ne: 1 }, password: 'x' },
    status: [422],
  },
  {
    id: 'own-login-long',
    title: 'password of 100 kB',
    ...login,
    body: { username: 'user', password: 'x'.repeat(100_000) },
    status: [422],
  },
  {
    id: 'own-login-nul',
    title: 'NUL in a name',
    ...login,
    body: { username: 'user\0', password: 'x' },
    status: [401, 422],
  },
  {
    id: 'own-login-sql',
    title: 'SQL as a name',
    ...login,
    body: { username: "' OR 1=1 --", password: 'x' },
    status: [401],
  },
  { id: 'own-login-grant', title: 'unknown grant', ...login, body: { grant_type: 'implicit' }, status: [422] },
  {
    id: 'own-login-extra',
    title: 'roles in a sign-in',
    ...login,
    body: { username: 'user', password: 'x', roles: ['admin'] },
    status: [422],
  },
  {
    id: 'own-login-twice',
    title: 'a field twice in a form',
    ...login,
    headers: form,
    body: 'username=user&username=admin&password=x',
    status: [400],
  },
  {
    id: 'own-login-refresh',
    title: 'invented refresh token',
    ...login,
    body: { grant_type: 'refresh_token', refresh_token: 'abc' },
    status: [401],
  },
];
