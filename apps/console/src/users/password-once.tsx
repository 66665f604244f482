import { Alert, Button, CopyButton, Group, Stack, TextInput } from '@mantine/core';
import { texts } from '../texts.js';
import { Dialog } from '../ui/dialog.js';
import { CopyIcon } from '../ui/icons.js';
import type { UserWithPassword } from './use-users.js';

interface PasswordOnceProps {
  readonly user: UserWithPassword;
  readonly onClose: () => void;
}

/** A password that was just made. Only its button closes this, so that nobody loses it by a click beside it. */
export function PasswordOnce({ user: { username, password }, onClose }: PasswordOnceProps) {
  return (
    <Dialog title={texts.users.made(username)} onClose={onClose} isFirm>
      <Stack>
        <Alert color="yellow">{texts.users.passwordText}</Alert>
        <TextInput
          label={texts.users.password}
          value={password}
          readOnly
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <Group justify="flex-end">
          <CopyButton value={password}>
            {({ copied, copy }) => (
              <Button variant="default" leftSection={<CopyIcon size={16} />} onClick={copy}>
                {copied ? texts.copied : texts.users.copyPassword}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{texts.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
