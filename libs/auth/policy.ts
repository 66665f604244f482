import type { Principal, Role } from './principal.js';

/** What to answer: do it, 403, or 404 as if the thing did not exist. */
export type Decision = 'yes' | 'forbidden' | 'not_found';
/** Something that belongs to the subject who made it. */
export interface Owned {
  readonly ownerId: string;
}

/** Admins hold every role. */
export function hasAnyRole(principal: Principal, roles: readonly Role[]): boolean {
  return isAdmin(principal) || roles.some((role) => principal.roles.includes(role));
}

/** Task, logs, events, stream, stream ticket. */
export function mayReadJob(principal: Principal, job: Owned): boolean {
  return isAdmin(principal) || owns(principal, job);
}

/** Lists and the common stream show everybody's tasks, and may be filtered by owner. */
export function mayListAll(principal: Principal): boolean {
  return isAdmin(principal);
}

/** @param cancelPolicy `owner` lets owners cancel their own tasks, `admin` does not. */
export function mayCancelJob(principal: Principal, job: Owned, cancelPolicy: 'admin' | 'owner'): Decision {
  if (isAdmin(principal)) return 'yes';
  if (!owns(principal, job)) return 'not_found';
  return cancelPolicy === 'owner' ? 'yes' : 'forbidden';
}

/** A retry opens a new round of a failed task. */
export function mayRetryJob(principal: Principal, job: Owned): Decision {
  return asAdminOnly(principal, job);
}

/** A discard says that a failed task needs nothing more. */
export function mayDiscardJob(principal: Principal, job: Owned): Decision {
  return asAdminOnly(principal, job);
}

/** An item of content with its versions and their approval history. */
export function mayReadContent(principal: Principal, item: Owned): boolean {
  return isEditor(principal) || owns(principal, item);
}

/** Lists show everybody's items, and may be filtered by owner. */
export function mayListAllContent(principal: Principal): boolean {
  return isEditor(principal);
}

/** An edit or a rollback makes a new version. */
export function mayEditContent(principal: Principal, item: Owned): Decision {
  return isEditor(principal) || owns(principal, item) ? 'yes' : 'not_found';
}

/** Approve, reject, publish, unpublish. */
export function mayReviewContent(principal: Principal, item: Owned): Decision {
  if (isEditor(principal)) return 'yes';
  return owns(principal, item) ? 'forbidden' : 'not_found';
}

/** Whether an approval is one of a second person: nobody approves what is their own, neither editors nor admins. */
export function isSecondPerson(subject: string, text: Owned & { readonly authorIds: readonly string[] }): boolean {
  return subject !== text.ownerId && !text.authorIds.includes(subject);
}

/** A user, as far as being an admin goes. */
export interface MaybeAdmin {
  readonly roles: readonly Role[];
  /** Null while it may sign in. */
  readonly disabledAt: unknown;
}

export function isEnabledAdmin({ roles, disabledAt }: MaybeAdmin): boolean {
  return disabledAt === null && roles.includes('admin');
}

/** The last enabled admin stays one: nobody else could make another. @param users all enabled admins, at least. */
export function mayStopBeingAdmin<User extends MaybeAdmin>(user: User, users: readonly User[]): boolean {
  return !isEnabledAdmin(user) || users.some((other) => other !== user && isEnabledAdmin(other));
}

function asAdminOnly(principal: Principal, job: Owned): Decision {
  if (isAdmin(principal)) return 'yes';
  return owns(principal, job) ? 'forbidden' : 'not_found';
}

function isEditor(principal: Principal): boolean {
  return hasAnyRole(principal, ['editor']);
}

function isAdmin(principal: Principal): boolean {
  return principal.roles.includes('admin');
}

function owns(principal: Principal, { ownerId }: Owned): boolean {
  return principal.subject === ownerId;
}
