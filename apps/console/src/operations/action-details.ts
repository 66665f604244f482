import type { Schemas } from '../api/client.js';
import type { Role } from '../session/issuer.js';
import { texts } from '../texts.js';

type Action = Schemas['AdminActionDto'];

/** What is noted of a user before and after a change. */
interface UserState {
  readonly roles?: readonly Role[];
  readonly disabled?: boolean;
}

/** Name of the user, or title of the kind. */
export function subjectOf({ subject, data }: Action, kindTitle: (kind: string) => string): string {
  return typeof data.username === 'string' ? data.username : kindTitle(subject);
}

/** What was changed, and why, in a few words. */
export function detailsOf({ reason, roles, before, after }: Action['data']): string {
  if (typeof reason === 'string') return reason;
  if (Array.isArray(roles)) return texts.actions.roles(namesOf(roles as Role[]));
  if (isState(before) && isState(after)) return difference(before, after).join('. ');
  return '';
}

function isState(value: unknown): value is UserState {
  return typeof value === 'object' && value !== null;
}

function difference(before: UserState, after: UserState): string[] {
  const [old, now] = [namesOf(before.roles), namesOf(after.roles)];
  return [
    ...(old === now ? [] : [texts.actions.rolesChanged(old, now)]),
    ...(before.disabled === after.disabled ? [] : [after.disabled ? texts.actions.disabled : texts.actions.enabled]),
  ];
}

function namesOf(roles: readonly Role[] = []): string {
  return roles.map((role) => texts.roles[role] ?? role).join(', ');
}
