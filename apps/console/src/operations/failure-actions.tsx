import { Button, Group, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap, type Schemas } from '../api/client.js';
import { Problem } from '../api/problem.js';
import { texts } from '../texts.js';
import { Ask } from '../ui/ask.js';
import { formatCount } from '../ui/format.js';
import { notifyDone } from '../ui/notify.js';
import { failuresKey, type Failure } from './use-failures.js';

type Action = 'canary' | 'all' | 'discard';

/** Tasks that one call changes at most. */
const mostAtOnce = 1_000;

/** What can be done about a failure; asks before. */
export function FailureActions({ group }: { readonly group: Failure }) {
  const [asked, ask] = useState<Action | null>(null);
  const close = () => ask(null);
  return (
    <>
      <Group gap={6} style={{ flexShrink: 0 }}>
        {(['canary', 'all', 'discard'] as const).map((action) => (
          <Button
            key={action}
            size="xs"
            variant={action === 'canary' ? 'light' : 'default'}
            aria-label={`${texts.failures.ask[action]}: ${group.code}`}
            onClick={() => ask(action)}
          >
            {texts.failures.ask[action]}
          </Button>
        ))}
      </Group>
      {asked === 'discard' && <AskToDiscard group={group} onClose={close} />}
      {asked !== null && asked !== 'discard' && <AskToRetry group={group} mode={asked} onClose={close} />}
    </>
  );
}

interface AskToRetryProps {
  readonly group: Failure;
  readonly mode: 'canary' | 'all';
  readonly onClose: () => void;
}

function AskToRetry({ group: { fingerprint, count, canary }, mode, onClose }: AskToRetryProps) {
  const done = useDone(mode, onClose);
  const retry = useMutation({
    mutationFn: (force: boolean) =>
      unwrap(
        api.POST('/admin/failed/{fingerprint}/retry', {
          params: { path: { fingerprint } },
          body: { mode, force, limit: mostAtOnce },
        }),
      ),
    onSuccess: done,
  });
  const isRefusedForCanary = retry.error instanceof Problem && /^canary_/.test(retry.error.code);
  const confirm =
    mode === 'canary' ? texts.failures.confirm.canary : texts.failures.confirm.all(formatCount(atOnce(count)));
  return (
    <Ask
      title={texts.failures.titles[mode]}
      confirm={isRefusedForCanary ? texts.failures.force : confirm}
      isBusy={retry.isPending}
      error={retry.error}
      onConfirm={() => retry.mutate(isRefusedForCanary)}
      onClose={onClose}
    >
      <Text size="sm">
        {mode === 'canary' ? texts.failures.canaryText : texts.failures.allText(formatCount(count))}
      </Text>
      {mode === 'all' && canary === null && <Text size="sm">{texts.failures.allUntried}</Text>}
      {mode === 'all' && canary?.status === 'SUCCESS' && <Text size="sm">{texts.failures.allTried}</Text>}
    </Ask>
  );
}

interface AskToDiscardProps {
  readonly group: Failure;
  readonly onClose: () => void;
}

function AskToDiscard({ group: { fingerprint, count }, onClose }: AskToDiscardProps) {
  const [reason, setReason] = useState('');
  const [isChecked, check] = useState(false);
  const said = reason.trim();
  const done = useDone('discard', onClose);
  const discard = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/admin/failed/{fingerprint}/discard', {
          params: { path: { fingerprint } },
          body: { reason: said, limit: mostAtOnce },
        }),
      ),
    onSuccess: done,
  });
  const confirm = () => {
    check(true);
    if (said.length >= 3) discard.mutate();
  };
  return (
    <Ask
      title={texts.failures.titles.discard}
      confirm={texts.failures.confirm.discard}
      isDangerous
      isBusy={discard.isPending}
      error={discard.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Text size="sm">{texts.failures.discardText(formatCount(count))}</Text>
      <Textarea
        label={texts.bulk.reason}
        description={texts.failures.reasonHint}
        withAsterisk
        autosize
        minRows={2}
        maxLength={1_000}
        data-autofocus
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={isChecked && said.length < 3 && texts.kinds.reasonShort}
      />
    </Ask>
  );
}

/** Shows what a change did, and looks at the failures again. */
function useDone(action: Action, onClose: () => void): (change: Schemas['GroupChangeDto']) => Promise<void> {
  const queries = useQueryClient();
  return async ({ changed, remaining }) => {
    const { [action]: text } = texts.failures.done;
    const done = typeof text === 'string' ? text : text(formatCount(changed));
    notifyDone(remaining > 0 ? `${done} ${texts.failures.remaining(formatCount(remaining))}` : done);
    await queries.invalidateQueries({ queryKey: [failuresKey] });
    onClose();
  };
}

function atOnce(count: number): number {
  return Math.min(count, mostAtOnce);
}
