import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { texts } from '../texts.js';
import { Dialog } from '../ui/dialog.js';

/** Asks before a page is left on which something is not saved. */
export function LeaveGuard({ isDirty }: { readonly isDirty: () => boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isDirty(),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog title={texts.edit.unsaved} onClose={blocker.reset}>
      <Stack>
        <Text>{texts.edit.unsavedText}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={blocker.proceed}>
            {texts.edit.discard}
          </Button>
          <Button onClick={blocker.reset} data-autofocus>
            {texts.edit.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
