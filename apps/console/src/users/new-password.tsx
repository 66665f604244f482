import { Text } from '@mantine/core';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import type { UserDialogProps } from './change-roles.js';
import { PasswordOnce } from './password-once.js';
import { useNewPassword } from './use-users.js';

/** Gives a user another password, and shows it once. */
export function NewPassword({ user, onClose }: UserDialogProps) {
  const reset = useNewPassword(user);
  const isOwn = useUser().id === user.id;
  if (reset.isSuccess) return <PasswordOnce user={reset.data} onClose={onClose} />;
  return (
    <Ask
      title={texts.users.resetOf(user.username)}
      confirm={texts.users.reset}
      isBusy={reset.isPending}
      error={reset.error}
      onConfirm={() => reset.mutate()}
      onClose={onClose}
    >
      <Text size="sm">{texts.users.resetText(user.username)}</Text>
      {isOwn && <Text size="sm">{texts.users.ownSessions}</Text>}
    </Ask>
  );
}
