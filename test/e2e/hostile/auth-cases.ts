import type { HostileCase } from './hostile-case.js';

const refused = { path: '/tasks', status: [401], code: 'unauthorized' } as const;

/** Tokens that must open nothing. */
export const authCases: readonly HostileCase[] = [
  { id: 'auth-02', title: 'empty bearer', as: 'raw:Bearer ', ...refused },
  {
    id: 'auth-05',
    title: 'token in the query is not accepted',
    as: 'nobody',
    ...refused,
    path: '/tasks?access_token={userToken}',
  },
  { id: 'auth-06', title: 'alg none', as: 'token:alg-none', ...refused },
  { id: 'auth-08', title: 'HS256 signed with the RSA public key', as: 'token:hs256-with-rsa-public', ...refused },
  { id: 'auth-09', title: 'signature stripped', as: 'token:no-signature', ...refused },
  { id: 'auth-13', title: 'no exp claim', as: 'token:no-exp', ...refused },
  { id: 'auth-15', title: 'wrong issuer', as: 'token:wrong-issuer', ...refused },
  { id: 'auth-17', title: 'wrong audience', as: 'token:wrong-audience', ...refused },
  { id: 'auth-18', title: 'audience array without ours', as: 'token:other-audiences', ...refused },
  { id: 'auth-19', title: 'ID token instead of access token', as: 'token:id-token', ...refused },
  { id: 'auth-22', title: 'kid path traversal', as: 'token:kid-traversal', ...refused },
  { id: 'auth-23', title: 'jku header to another server', as: 'token:jku', ...refused },
  { id: 'auth-27', title: 'RS256 with a 1024-bit key in JWKS', as: 'token:rsa-1024', ...refused },
  { id: 'auth-29', title: 'token of 100 kB', as: 'token:padded', path: '/tasks', status: [401, 431] },
  {
    id: 'auth-30',
    title: 'roles claim as object gives no admin rights',
    as: 'token:roles-object',
    path: '/tasks?owner_id={otherUserId}',
    status: [401, 403],
  },
  {
    id: 'auth-31',
    title: "role claim 'Admin ' with space or case gives no admin rights",
    as: 'token:roles-misspelt',
    path: '/tasks?owner_id={otherUserId}',
    status: [403],
    code: 'forbidden',
  },
];

const foreign = { status: [404], code: 'not_found', checks: ['as-for-a-random-id', 'denial-is-logged'] } as const;

/** Things of other users: the same answer as for what is not there. */
export const ownershipCases: readonly HostileCase[] = [
  { id: 'bola-02', title: "other user's events", path: '/tasks/{foreignTaskId}/events', ...foreign },
  { id: 'bola-03', title: "other user's logs", path: '/tasks/{foreignTaskId}/logs', ...foreign },
  {
    id: 'bola-04',
    title: "other user's result (it is part of the task)",
    path: '/tasks/{foreignTaskId}/result',
    ...foreign,
    checks: ['as-for-a-random-id'],
  },
  { id: 'bola-06', title: "cancel of other user's task", method: 'DELETE', path: '/tasks/{foreignTaskId}', ...foreign },
  {
    id: 'bola-09',
    title: "update of other user's task",
    method: 'PATCH',
    path: '/tasks/{foreignTaskId}',
    body: {},
    status: [405],
    code: 'method_not_allowed',
    checks: ['as-for-a-random-id'],
  },
  {
    id: 'bola-16',
    title: 'list filter by other owner',
    path: '/tasks?owner_id={otherUserId}',
    status: [403],
    checks: ['no-foreign-tasks'],
  },
  {
    id: 'bola-17',
    title: 'idempotency key of another user makes a task of our own',
    method: 'POST',
    path: '/tasks',
    headers: { 'idempotency-key': '{foreignKey}', 'content-type': 'application/json' },
    body: '{validTask}',
    status: [202],
    newJobs: 1,
    checks: ['no-foreign-tasks'],
  },
];

const hidden = { as: 'nobody', status: [404] } as const;

/** Paths that tell nothing, and functions that are not for everybody. */
export const functionCases: readonly HostileCase[] = [
  { id: 'disclosure-02', title: 'git', path: '/.git/config', ...hidden },
  { id: 'disclosure-03', title: 'package.json', path: '/package.json', ...hidden },
  { id: 'disclosure-05', title: 'OpenAPI JSON only where the contract says', path: '/docs-json', ...hidden },
  {
    id: 'disclosure-08',
    title: 'readiness hides host names, versions and connection strings',
    as: 'nobody',
    path: '/health/ready?verbose=1',
    status: [200, 400],
    checks: ['tells-only-ok'],
  },
  {
    id: 'function-level-03',
    title: 'user requeues a task, as only admins may',
    method: 'POST',
    path: '/tasks/{taskId}/retry',
    status: [403],
    code: 'forbidden',
    checks: ['task-unchanged', 'denial-is-logged'],
  },
  { id: 'function-level-05', title: 'queue dashboard', path: '/admin/queues', status: [401, 403, 404] },
  { id: 'function-level-06', title: 'queue dashboard API', path: '/admin/queues/api/queues', status: [401, 403, 404] },
  { id: 'function-level-08', title: 'metrics on the public port', path: '/metrics', status: [401, 403, 404] },
  {
    id: 'function-level-09',
    title: 'no token on the queue dashboard',
    as: 'nobody',
    path: '/admin/queues',
    status: [401, 404],
  },
  {
    id: 'function-level-10',
    title: 'method override header',
    method: 'POST',
    path: '/tasks/{taskId}',
    headers: { 'x-http-method-override': 'DELETE' },
    status: [405],
    code: 'method_not_allowed',
    checks: ['task-unchanged'],
  },
  {
    id: 'function-level-12',
    title: 'double slash, case and trailing slash variants',
    path: '//API/V1/Admin/queues/',
    status: [401, 403, 404],
  },
];
