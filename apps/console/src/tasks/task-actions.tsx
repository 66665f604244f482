import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ButtonLink } from '../ui/button-link.js';
import { api, unwrap } from '../api/client.js';
import { describe } from '../api/problem.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { BanIcon, PlusIcon, RetryIcon } from '../ui/icons.js';
import { Ask } from '../ui/ask.js';
import { useFocusKept } from '../ui/focus.js';
import { notifyFailed } from '../ui/notify.js';
import { hasEnded } from './apply-event.js';
import type { Task } from './task-filter.js';

/** Cancel and retry, for admins; cancel for owners, where they may; the same again, for all. */
export function TaskActions({ task, onChanged }: { readonly task: Task; readonly onChanged: () => void }) {
  const user = useUser();
  const isAdmin = user.roles.includes('admin');
  const config = useConsoleConfig();
  const { task_id: id, task_type: type, status, owner_id: owner } = task;
  const mayCancel = isAdmin || (config?.owners_may_cancel === true && owner === user.id);
  const contentId = contentOf(task);
  return (
    <>
      {contentId !== null && (
        <ButtonLink to="/content/$contentId" params={{ contentId }} variant="default">
          {texts.task.article}
        </ButtonLink>
      )}
      <ButtonLink to="/tasks/new" search={{ type, from: id }} variant="default" leftSection={<PlusIcon size={16} />}>
        {texts.task.again}
      </ButtonLink>
      {isAdmin && status === 'FAILED' && <RetryButton id={id} onChanged={onChanged} />}
      {mayCancel && !hasEnded(task) && <CancelButton id={id} onChanged={onChanged} />}
    </>
  );
}

/** Id of the article that it has written or changed. */
function contentOf({ result_payload: result }: Task): string | null {
  const id = typeof result === 'object' && result !== null && 'content_id' in result ? result.content_id : null;
  return typeof id === 'string' ? id : null;
}

interface ActionProps {
  readonly id: string;
  readonly onChanged: () => void;
}

function RetryButton({ id, onChanged }: ActionProps) {
  const button = useFocusKept<HTMLButtonElement>();
  const retry = useMutation({
    mutationFn: () => unwrap(api.POST('/tasks/{id}/retry', { params: { path: { id } } })),
    onSettled: onChanged,
    onError: (error) => notifyFailed(describe(error).title, describe(error).detail ?? ''),
  });
  return (
    <Button ref={button} leftSection={<RetryIcon size={16} />} loading={retry.isPending} onClick={() => retry.mutate()}>
      {texts.task.retry}
    </Button>
  );
}

function CancelButton({ id, onChanged }: ActionProps) {
  const [isAsked, ask] = useState(false);
  const button = useFocusKept<HTMLButtonElement>();
  const cancel = useMutation({
    mutationFn: () => unwrap(api.DELETE('/tasks/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      ask(false);
      onChanged();
    },
  });
  const close = () => {
    ask(false);
    cancel.reset();
  };
  return (
    <>
      <Button ref={button} color="red" variant="light" leftSection={<BanIcon size={16} />} onClick={() => ask(true)}>
        {texts.task.cancel}
      </Button>
      {isAsked && (
        <Ask
          title={texts.bulk.title.cancel}
          confirm={texts.task.cancelConfirm}
          isDangerous
          isBusy={cancel.isPending}
          error={cancel.error}
          onConfirm={() => cancel.mutate()}
          onClose={close}
        >
          <Text>{texts.bulk.question.cancel(1)}</Text>
        </Ask>
      )}
    </>
  );
}
