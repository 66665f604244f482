import {
  hasAnyRole,
  isSecondPerson,
  mayCancelJob,
  mayDiscardJob,
  mayEditContent,
  mayListAll,
  mayListAllContent,
  mayReadContent,
  mayReadJob,
  mayRetryJob,
  mayReviewContent,
  mayStopBeingAdmin,
} from './policy.js';
import { knownRoles, type Principal, type Role } from './principal.js';

const own = { ownerId: 'me' };
const foreign = { ownerId: 'somebody else' };
const caller = (...roles: Role[]): Principal => ({
  subject: 'me',
  username: 'me',
  roles,
  issuer: 'local',
  expiresAt: new Date(),
});

describe.each<[Role, boolean]>([
  ['user', false],
  ['editor', false],
  ['admin', true],
])('a caller with the role %s', (role, isAdmin) => {
  const principal = caller(role);

  test('reads its own jobs, and others only as admin', () => {
    expect(mayReadJob(principal, own)).toBe(true);
    expect(mayReadJob(principal, foreign)).toBe(isAdmin);
    expect(mayListAll(principal)).toBe(isAdmin);
  });

  test('cancels by the policy', () => {
    expect(mayCancelJob(principal, own, 'owner')).toBe('yes');
    expect(mayCancelJob(principal, own, 'admin')).toBe(isAdmin ? 'yes' : 'forbidden');
    expect(mayCancelJob(principal, foreign, 'owner')).toBe(isAdmin ? 'yes' : 'not_found');
    expect(mayCancelJob(principal, foreign, 'admin')).toBe(isAdmin ? 'yes' : 'not_found');
  });

  test.each([mayRetryJob, mayDiscardJob])('retries and discards as admin only: $name', (mayDo) => {
    expect(mayDo(principal, own)).toBe(isAdmin ? 'yes' : 'forbidden');
    expect(mayDo(principal, foreign)).toBe(isAdmin ? 'yes' : 'not_found');
  });

  test('reads and edits its own content, and reviews any as editor only', () => {
    const isEditor = role !== 'user';
    expect(mayListAllContent(principal)).toBe(isEditor);
    expect(mayReadContent(principal, own)).toBe(true);
    expect(mayReadContent(principal, foreign)).toBe(isEditor);
    expect(mayEditContent(principal, own)).toBe('yes');
    expect(mayEditContent(principal, foreign)).toBe(isEditor ? 'yes' : 'not_found');
    expect(mayReviewContent(principal, own)).toBe(isEditor ? 'yes' : 'forbidden');
    expect(mayReviewContent(principal, foreign)).toBe(isEditor ? 'yes' : 'not_found');
  });

  test('holds its own role, and every role as admin', () => {
    expect(hasAnyRole(principal, ['user'])).toBe(isAdmin || role === 'user');
    expect(hasAnyRole(principal, ['editor'])).toBe(isAdmin || role === 'editor');
    expect(hasAnyRole(principal, ['admin'])).toBe(isAdmin);
  });
});

test('a second person is neither the owner of an item nor the author of a version', () => {
  const text = { ownerId: 'ada', authorIds: ['bob'] };
  expect(['ada', 'bob', 'eve'].map((subject) => isSecondPerson(subject, text))).toEqual([false, false, true]);
});

test('an admin stops being one while another enabled one is left', () => {
  const admin = { roles: ['admin' as const], disabledAt: null };
  const disabled = { ...admin, disabledAt: new Date() };
  const user = { roles: ['user' as const, 'editor' as const], disabledAt: null };
  expect(mayStopBeingAdmin(admin, [admin, disabled, user])).toBe(false);
  expect(mayStopBeingAdmin(admin, [admin, { ...admin }])).toBe(true);
  for (const other of [disabled, user]) expect(mayStopBeingAdmin(other, [other, admin])).toBe(true);
});

test.each([
  [['admin'], ['admin']],
  ['admin', ['admin']],
  [['editor', 'unheard-of'], ['editor']],
  [['Admin '], ['user']],
  ['admin,editor', ['user']],
  [{ admin: true }, ['user']],
  [[['admin']], ['user']],
  [undefined, ['user']],
])('a roles claim %j grants %j', (claim, roles) => {
  expect(knownRoles(claim)).toEqual(roles);
});
