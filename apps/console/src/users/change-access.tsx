import { Text } from '@mantine/core';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import type { UserDialogProps } from './change-roles.js';
import { refusalText, useChangeUser } from './use-users.js';

/** Lets a user in no more, or again. */
export function ChangeAccess({ user, onClose }: UserDialogProps) {
  const { id, username, disabled } = user;
  const isOwn = useUser().id === id;
  const change = useChangeUser(user, onClose);
  return (
    <Ask
      title={disabled ? texts.users.enableUser(username) : texts.users.disableUser(username)}
      confirm={disabled ? texts.users.enable : texts.users.disable}
      isDangerous={!disabled}
      isBusy={change.isPending}
      error={change.error}
      errorText={refusalText(change.error)}
      onConfirm={() => change.mutate({ disabled: !disabled })}
      onClose={onClose}
    >
      <Text size="sm">{disabled ? texts.users.enableText(username) : texts.users.disableText(username)}</Text>
      {isOwn && <Text size="sm">{texts.users.ownSessions}</Text>}
    </Ask>
  );
}
