import type { HostileCase } from './hostile-case.js';

const session = { method: 'POST', path: '/console/session/refresh', as: 'nobody' } as const;
const elsewhere = { ...session, status: [403], code: 'forbidden' } as const;
const noSession = { ...session, status: [401], code: 'invalid_grant' } as const;
const refused = { status: [403], code: 'forbidden' } as const;
const forAdmins = { ...refused, checks: ['denial-is-logged', 'task-unchanged'] } as const;

/** The console's session, and what it can do to many tasks, to kinds and to users. */
export const ownConsoleCases: readonly HostileCase[] = [
  ...['cross-site', 'same-site', 'none', ''].map(
    (site) =>
      ({
        ...{ id: `own-session-site ${site}`, title: `from a page that is ${site || 'unknown'}` },
        ...{ headers: { 'sec-fetch-site': site }, ...elsewhere },
      }) as const,
  ),
  ...['https://evil.example', 'null', 'https://tasks.example.org.evil.example', 'file://'].map(
    (origin) =>
      ({ id: `own-session-origin ${origin}`, title: `from ${origin}`, headers: { origin }, ...elsewhere }) as const,
  ),
  ...[
    'longhaul_session=x',
    'longhaul_session=',
    `longhaul_session=${'a'.repeat(8_000)}`,
    'longhaul_session=a;=;;b',
  ].map(
    (cookie) =>
      ({
        ...{ id: `own-session-cookie ${cookie.slice(0, 24)}`, title: 'is nobody’s', headers: { cookie } },
        ...noSession,
      }) as const,
  ),
  {
    ...{ id: 'own-session-form', title: 'a form of another page', method: 'POST', path: '/console/session' },
    ...{ as: 'nobody', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'username=admin' },
    ...{ status: [415], code: 'unsupported_media_type' },
  },
  {
    ...{ id: 'own-session-text', title: 'JSON that says it is text', method: 'POST', path: '/console/session' },
    ...{ as: 'nobody', headers: { 'content-type': 'text/plain' }, body: '{"username":"a","password":"b"}' },
    ...{ status: [415], code: 'unsupported_media_type' },
  },
  {
    ...{ id: 'own-session-link', title: 'an invented ticket', method: 'POST', path: '/console/session/link' },
    ...{ as: 'nobody', body: { ticket: "' OR 1=1 --" }, status: [401], code: 'invalid_grant' },
  },
  {
    ...{ id: 'own-input', title: "other user's input", path: '/tasks/{foreignTaskId}/input' },
    ...{ status: [404], code: 'not_found', checks: ['as-for-a-random-id', 'denial-is-logged'] },
  },
  {
    ...{ id: 'own-bulk', title: 'tasks of others in bulk', method: 'POST', path: '/tasks/bulk' },
    ...{ body: { action: 'cancel', task_ids: ['{foreignTaskId}', '{taskId}'] }, status: [200] },
    checks: ['task-unchanged'],
  },
  ...(['pause', 'resume'] as const).map(
    (verb) =>
      ({
        ...{ id: `own-kind-${verb}`, title: `user may not ${verb}`, method: 'POST', body: {} },
        ...{ path: `/admin/kinds/simulation/${verb}`, ...forAdmins },
      }) as const,
  ),
  {
    ...{ id: 'own-users-make', title: 'user makes an admin', method: 'POST', path: '/admin/users' },
    ...{ body: { username: 'eve', roles: ['admin'] }, ...forAdmins },
  },
  {
    ...{
      id: 'own-users-promote',
      title: 'user makes another one an admin',
      method: 'PATCH',
      path: '/admin/users/{otherUserId}',
    },
    ...{ body: { roles: ['admin'] }, ...forAdmins },
  },
  {
    ...{ id: 'own-users-password', title: 'editor takes over a user', method: 'POST', as: 'editor' },
    ...{ path: '/admin/users/{otherUserId}/password', ...refused },
  },
  { id: 'own-users-list', title: 'editor lists users', path: '/admin/users', as: 'editor', ...refused },
  { id: 'own-overview', title: 'editor looks at workers', path: '/admin/overview', as: 'editor', ...refused },
];
