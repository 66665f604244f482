import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Role } from '../session/issuer.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import { PasswordOnce } from './password-once.js';
import { RoleChoice } from './role-choice.js';
import { useMakeUser } from './use-users.js';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Makes a user, and shows the password once. */
export function NewUser({ onClose }: { readonly onClose: () => void }) {
  const [username, setUsername] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['user']);
  const [isChecked, check] = useState(false);
  const make = useMakeUser();
  if (make.isSuccess) return <PasswordOnce user={make.data} onClose={onClose} />;
  const isName = namePattern.test(username);
  const confirm = () => {
    check(true);
    if (isName && roles.length > 0) make.mutate({ username, roles: [...roles] });
  };
  return (
    <Ask
      title={texts.users.add}
      confirm={texts.users.create}
      isBusy={make.isPending}
      error={make.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <TextInput
        label={texts.users.name}
        description={texts.users.nameHint}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        data-autofocus
        value={username}
        onChange={({ currentTarget }) => setUsername(currentTarget.value)}
        error={isChecked && !isName && texts.users.nameWrong}
      />
      <RoleChoice
        value={roles}
        onChange={setRoles}
        error={isChecked && roles.length === 0 && texts.users.rolesNeeded}
      />
    </Ask>
  );
}
