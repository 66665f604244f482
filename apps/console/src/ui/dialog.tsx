import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';
import { useFocusReturn } from './focus.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether only the dialog's own buttons close it, such as while a call is under way. */
  readonly isFirm?: boolean;
  /** Whether a click beside it leaves it open, since something is written in it. */
  readonly isWritten?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog. Its heading stands in no header of the library, which would be a second banner of the page. */
export function Dialog({ title, onClose, isFirm = false, isWritten = false, children }: DialogProps) {
  useFocusReturn();
  return (
    <Modal.Root
      opened
      onClose={onClose}
      centered
      closeOnClickOutside={!isFirm && !isWritten}
      closeOnEscape={!isFirm}
      returnFocus={false}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Group justify="space-between" wrap="nowrap" px="md" pt="md" pb="xs">
          <Modal.Title fw={600}>{title}</Modal.Title>
          {!isFirm && <Modal.CloseButton aria-label={texts.close} />}
        </Group>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
