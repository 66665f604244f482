import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactNode, SubmitEvent } from 'react';
import { describe } from '../api/problem.js';
import { texts } from '../texts.js';
import { Dialog } from './dialog.js';

interface AskProps {
  readonly title: string;
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly isBusy: boolean;
  /** Null, or what it was refused with. */
  readonly error: unknown;
  /** Instead of what the api says about the error. */
  readonly errorText?: string | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question with what is needed to answer it: Enter confirms, Escape leaves. It stays until the answer to a call is there. */
export function Ask(props: AskProps) {
  const { title, confirm, isDangerous = false, isBusy, error, errorText, onConfirm, onClose, children } = props;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose} isFirm={isBusy}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {error !== null && (
            <Alert color="red" role="alert">
              {errorText ?? describe(error).detail ?? describe(error).title}
            </Alert>
          )}
          {children}
          <Group justify="flex-end">
            <Button variant="default" disabled={isBusy} onClick={onClose}>
              {texts.ask.leave}
            </Button>
            <Button type="submit" loading={isBusy} {...(isDangerous && { color: 'red' })}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
