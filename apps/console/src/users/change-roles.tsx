import { Text } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '../session/issuer.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import { RoleChoice } from './role-choice.js';
import { refusalText, useChangeUser, type User } from './use-users.js';

export interface UserDialogProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Gives a user other roles. */
export function ChangeRoles({ user, onClose }: UserDialogProps) {
  const [roles, setRoles] = useState<readonly Role[]>(user.roles);
  const change = useChangeUser(user, onClose);
  return (
    <Ask
      title={texts.users.rolesOf(user.username)}
      confirm={texts.users.save}
      isBusy={change.isPending}
      error={change.error}
      errorText={refusalText(change.error)}
      onConfirm={() => roles.length > 0 && change.mutate({ roles: [...roles] })}
      onClose={onClose}
    >
      <RoleChoice value={roles} onChange={setRoles} error={roles.length === 0 && texts.users.rolesNeeded} />
      <Consequence user={user} />
    </Ask>
  );
}

/** That a change ends sessions; one's own, too. */
export function Consequence({ user: { id, username } }: { readonly user: User }) {
  const isOwn = useUser().id === id;
  return (
    <Text size="sm" c="dimmed">
      {isOwn ? texts.users.ownSessions : texts.users.sessionsEnd(username)}
    </Text>
  );
}
