import { Button, Group, Paper, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '../texts.js';
import { hasEnded } from './apply-event.js';
import { Ask } from '../ui/ask.js';
import { Dialog } from '../ui/dialog.js';
import { useFocusKept } from '../ui/focus.js';
import { bulk, type BulkAction } from './bulk.js';
import { BulkResults } from './bulk-results.js';
import type { Task } from './task-filter.js';

interface BulkBarProps {
  readonly tasks: readonly Task[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onChanged: () => void;
}

/** What can be done to the selected tasks; asks before, and shows the result of each after. */
export function BulkBar({ tasks, selected, onSelect, onChanged }: BulkBarProps) {
  const bar = useFocusKept<HTMLDivElement>();
  const [asked, ask] = useState<BulkAction | null>(null);
  const chosen = tasks.filter(({ task_id }) => selected.has(task_id));
  const idsFor = {
    cancel: chosen.filter((task) => !hasEnded(task)).map(({ task_id }) => task_id),
    retry: chosen.filter(({ status }) => status === 'FAILED').map(({ task_id }) => task_id),
  };
  const change = useMutation({
    mutationFn: (action: BulkAction) => bulk(action, idsFor[action]),
    onSuccess: onChanged,
  });
  const close = () => {
    ask(null);
    if (change.isSuccess) onSelect(new Set());
    change.reset();
  };
  return (
    <>
      <Paper
        ref={bar}
        withBorder
        shadow="md"
        p="xs"
        radius="lg"
        pos="sticky"
        bottom={12}
        mt="md"
        mx="auto"
        w="fit-content"
        style={{ zIndex: 5 }}
        role="region"
        aria-label={texts.bulk.region}
      >
        <Group gap="xs">
          <Text size="sm" fw={600} px="xs">
            {texts.bulk.selected(chosen.length)}
          </Text>
          <Button
            size="xs"
            color="red"
            variant="light"
            disabled={idsFor.cancel.length === 0}
            onClick={() => ask('cancel')}
          >
            {texts.bulk.cancel(idsFor.cancel.length)}
          </Button>
          <Button size="xs" variant="light" disabled={idsFor.retry.length === 0} onClick={() => ask('retry')}>
            {texts.bulk.retry(idsFor.retry.length)}
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={() => onSelect(new Set())}>
            {texts.bulk.clear}
          </Button>
        </Group>
      </Paper>
      {asked !== null && change.isSuccess && (
        <Dialog title={texts.bulk.title[asked]} onClose={close}>
          <BulkResults results={change.data} onClose={close} />
        </Dialog>
      )}
      {asked !== null && !change.isSuccess && (
        <Ask
          title={texts.bulk.title[asked]}
          confirm={texts.bulk[asked](idsFor[asked].length)}
          isDangerous={asked === 'cancel'}
          isBusy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(asked)}
          onClose={close}
        >
          <Text>{texts.bulk.question[asked](idsFor[asked].length)}</Text>
        </Ask>
      )}
    </>
  );
}
