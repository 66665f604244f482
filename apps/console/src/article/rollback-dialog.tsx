import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Content } from '../content/content.js';
import { texts } from '../texts.js';
import { notifyDone } from '../ui/notify.js';
import { Dialog } from '../ui/dialog.js';
import { isConflict, rollBack } from './changes.js';
import type { Written } from './kept-text.js';
import { isReason, ReasonField } from './reason-field.js';
import { Refusal } from './refusal.js';

interface RollbackDialogProps {
  readonly contentId: string;
  /** ETag of the newest version, as it was seen. */
  readonly etag: string;
  /** The version to bring back. */
  readonly number: number;
  /** What was written before, when the same was asked. */
  readonly written: Written;
  readonly onDone: (content: Content) => void;
  /** What is written can be asked for again, as when it is left. */
  readonly onConflict: (written: Written) => void;
  readonly onClose: (written: Written) => void;
}

/** Asks why an older text is to come back. */
export function RollbackDialog(props: RollbackDialogProps) {
  const { contentId, etag, number, written, onDone, onConflict } = props;
  const [reason, setReason] = useState(written.reason);
  const [isMissed, miss] = useState(false);
  const rollback = useMutation({
    mutationFn: () => rollBack({ id: contentId, etag }, number, reason),
    onSuccess: (content) => {
      notifyDone(texts.article.rolledBack(number));
      onDone(content);
    },
    onError: (error) => isConflict(error) && onConflict({ ...written, reason }),
  });
  const onClose = () => props.onClose({ ...written, reason });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReason(reason)) rollback.mutate();
    else miss(true);
  };
  return (
    <Dialog
      title={texts.article.rollbackTitle(number)}
      onClose={onClose}
      isFirm={rollback.isPending}
      isWritten={reason !== ''}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {rollback.error !== null && <Refusal error={rollback.error} />}
          <Text size="sm">{texts.article.rollbackText(number)}</Text>
          <ReasonField value={reason} onChange={setReason} isMissed={isMissed} />
          <Group justify="flex-end">
            <Button variant="default" disabled={rollback.isPending} onClick={onClose}>
              {texts.article.leave}
            </Button>
            <Button type="submit" loading={rollback.isPending}>
              {texts.article.rollback}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
