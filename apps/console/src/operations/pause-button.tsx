import { Button, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '../api/client.js';
import { describe } from '../api/problem.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import { notifyFailed } from '../ui/notify.js';
import { useShowKindState, type KindOverview } from './use-overview.js';

interface PauseButtonProps {
  readonly kind: KindOverview;
  readonly title: string;
}

/** Lets tasks of a kind start no more, or again. */
export function PauseButton({ kind: { task_type: type, paused }, title }: PauseButtonProps) {
  const [isAsked, ask] = useState(false);
  const show = useShowKindState();
  const resume = useMutation({
    mutationFn: () => unwrap(api.POST('/admin/kinds/{task_type}/resume', { params: { path: { task_type: type } } })),
    onSuccess: show,
    onError: (error) => notifyFailed(describe(error).title, describe(error).detail),
  });
  return (
    <>
      <Button
        size="xs"
        variant={paused ? 'filled' : 'default'}
        loading={resume.isPending}
        aria-label={paused ? texts.kinds.resumeKind(title) : texts.kinds.pauseKind(title)}
        onClick={() => (paused ? resume.mutate() : ask(true))}
      >
        {paused ? texts.kinds.resume : texts.kinds.pause}
      </Button>
      {isAsked && <AskToPause type={type} title={title} onClose={() => ask(false)} />}
    </>
  );
}

interface AskToPauseProps {
  readonly type: string;
  readonly title: string;
  readonly onClose: () => void;
}

function AskToPause({ type, title, onClose }: AskToPauseProps) {
  const [reason, setReason] = useState('');
  const [isChecked, check] = useState(false);
  const said = reason.trim();
  const isShort = said.length > 0 && said.length < 3;
  const show = useShowKindState();
  const pause = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/admin/kinds/{task_type}/pause', {
          params: { path: { task_type: type } },
          body: said === '' ? {} : { reason: said },
        }),
      ),
    onSuccess: async (state) => {
      await show(state);
      onClose();
    },
  });
  const confirm = () => {
    check(true);
    if (!isShort) pause.mutate();
  };
  return (
    <Ask
      title={texts.kinds.pauseKind(title)}
      confirm={texts.kinds.pause}
      isBusy={pause.isPending}
      error={pause.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Text size="sm">{texts.kinds.question(title)}</Text>
      <Textarea
        label={texts.bulk.reason}
        description={texts.kinds.reasonHint}
        autosize
        minRows={2}
        maxLength={1_000}
        data-autofocus
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={isChecked && isShort && texts.kinds.reasonShort}
      />
    </Ask>
  );
}
