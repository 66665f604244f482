import type { HostileCase } from './hostile-case.js';

const reason = 'The second paragraph has no source.';
const nothing = ['content-unchanged'] as const;
const missing = {
  status: [404],
  code: 'not_found',
  checks: ['as-for-a-random-id', ...nothing],
} as const;
const forbidden = { status: [403], code: 'forbidden', checks: nothing } as const;
const unsigned = { as: 'nobody', status: [401], code: 'unauthorized', checks: nothing } as const;
const unsendable = { status: [422], code: 'validation_failed', checks: nothing } as const;

/** Reads of one item. */
const reads = ['', '/versions', '/versions/1', '/versions/1/diff/1', '/reviews'] as const;
/** Changes of one item, with bodies that are good. */
const changes = [
  { verb: 'edit', method: 'PATCH', path: '', body: { title: 'Mine' } },
  { verb: 'rollback', method: 'POST', path: '/rollback', body: { version: 1, reason } },
  { verb: 'approve', method: 'POST', path: '/approve', body: { publish: true } },
  { verb: 'reject', method: 'POST', path: '/reject', body: { reason } },
  { verb: 'publish', method: 'POST', path: '/publish', body: {} },
  { verb: 'unpublish', method: 'POST', path: '/unpublish', body: {} },
] as const;
const decisions = changes.filter(({ verb }) => verb !== 'edit' && verb !== 'rollback');
const own = { headers: { 'if-match': '{etag}' } };
const foreign = { headers: { 'if-match': '{foreignEtag}' } };

/** Each route of content, by those who may not use it: nothing is told, and nothing changes. */
export const ownContentCases: readonly HostileCase[] = [
  ...reads.flatMap((path): HostileCase[] => [
    { id: `content-read${path}`, title: 'of another user', path: `/content/{foreignTaskId}${path}`, ...missing },
    { id: `content-read${path}-nobody`, title: 'without a token', path: `/content/{taskId}${path}`, ...unsigned },
  ]),
  ...changes.flatMap(({ verb, path, ...call }): HostileCase[] => [
    {
      id: `content-${verb}`,
      title: 'of another user',
      ...call,
      path: `/content/{foreignTaskId}${path}`,
      ...foreign,
      ...missing,
    },
    {
      id: `content-${verb}-nobody`,
      title: 'without a token',
      ...call,
      path: `/content/{taskId}${path}`,
      ...own,
      ...unsigned,
    },
  ]),
  ...decisions.map(({ verb, path, ...call }): HostileCase => {
    return {
      id: `content-${verb}-own`,
      title: 'by its owner',
      ...call,
      path: `/content/{taskId}${path}`,
      ...own,
      ...forbidden,
    };
  }),
  {
    id: 'content-list-foreign',
    title: 'list of another owner',
    path: '/content?owner_id={otherUserId}',
    status: [403],
    code: 'forbidden',
    checks: ['no-foreign-tasks'],
  },
  {
    id: 'content-list',
    title: 'own list shows no others',
    path: '/content?limit=100',
    status: [200],
    checks: ['no-foreign-tasks'],
  },
  { id: 'content-list-nobody', title: 'without a token', path: '/content', ...unsigned },
  ...['/reviews', '/reviews/export?format=csv'].flatMap((path): HostileCase[] => [
    { id: `content-${path}`, title: 'by a user', path, ...forbidden },
    { id: `content-${path}-nobody`, title: 'without a token', path, ...unsigned },
  ]),
  {
    id: 'content-export-editor',
    title: 'the whole history by an editor',
    as: 'editor',
    path: '/reviews/export?format=ndjson',
    status: [403],
    code: 'forbidden',
  },
  ...(['user', 'nobody'] as const).map((as): HostileCase => {
    const body = [{ content_id: '{taskId}', etag: 'x', decision: 'approve' }];
    const refusal = as === 'user' ? forbidden : unsigned;
    return {
      id: `content-bulk-${as}`,
      title: 'decisions in bulk',
      method: 'POST',
      path: '/reviews/bulk',
      body,
      ...refusal,
      as,
    };
  }),
  {
    id: 'content-actor',
    title: 'a decision in the name of somebody else',
    as: 'editor',
    method: 'POST',
    path: '/content/{taskId}/approve',
    ...own,
    body: { actor_id: '{otherUserId}' },
    ...unsendable,
  },
  {
    id: 'content-state',
    title: 'an edit that names its own state',
    method: 'PATCH',
    path: '/content/{taskId}',
    ...own,
    body: { title: 'Mine', state: 'PUBLISHED' },
    ...unsendable,
  },
  {
    id: 'content-nul',
    title: 'feedback with a NUL character',
    as: 'editor',
    method: 'POST',
    path: '/content/{taskId}/approve',
    ...own,
    body: { feedback: 'x\u0000' },
    ...unsendable,
  },
  ...['*', '{etag}, {etag}', '"', '1-0-APPROVED'].map((tag): HostileCase => ({
    id: `content-if-match-${tag}`,
    title: 'If-Match that names no version',
    as: 'editor',
    method: 'POST',
    path: '/content/{taskId}/approve',
    headers: { 'if-match': tag },
    body: {},
    status: [400],
    code: 'invalid_header',
    checks: nothing,
  })),
  ...['W/{etag}', '"1-{otherUserId}-APPROVED"', '"1--AWAITING_APPROVAL"'].map((tag): HostileCase => ({
    id: `content-if-match-${tag}`,
    title: 'If-Match that names another version',
    as: 'editor',
    method: 'POST',
    path: '/content/{taskId}/approve',
    headers: { 'if-match': tag },
    body: {},
    status: [412],
    code: 'stale_version',
    checks: nothing,
  })),
];
