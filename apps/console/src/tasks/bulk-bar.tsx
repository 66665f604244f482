import { Alert, Button, Group, Modal, Paper, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { describe } from '../api/problem.js';
import { texts } from '../texts.js';
import { hasEnded } from './apply-event.js';
import { bulk, type BulkAction, type BulkResult } from './bulk.js';
import type { Task } from './task-filter.js';

interface BulkBarProps {
  readonly tasks: readonly Task[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onChanged: () => void;
}

/** What can be done to the selected tasks; asks before, and shows the result of each after. */
export function BulkBar({ tasks, selected, onSelect, onChanged }: BulkBarProps) {
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
            {texts.bulk.selected(selected.size)}
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
      {asked !== null && (
        <Modal opened onClose={close} title={texts.bulk.title[asked]} centered size="lg">
          {change.isSuccess ? (
            <Results results={change.data} onClose={close} />
          ) : (
            <Question
              text={texts.bulk.question[asked](idsFor[asked].length)}
              confirm={texts.bulk[asked](idsFor[asked].length)}
              color={asked === 'cancel' ? 'red' : 'teal'}
              error={change.error}
              isBusy={change.isPending}
              onConfirm={() => change.mutate(asked)}
              onClose={close}
            />
          )}
        </Modal>
      )}
    </>
  );
}

interface QuestionProps {
  readonly text: string;
  readonly confirm: string;
  readonly color: string;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function Question({ text, confirm, color, error, isBusy, onConfirm, onClose }: QuestionProps) {
  return (
    <Stack>
      {error !== null && (
        <Alert color="red" role="alert">
          {describe(error).detail ?? describe(error).title}
        </Alert>
      )}
      <Text>{text}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {texts.bulk.leave}
        </Button>
        <Button color={color} loading={isBusy} onClick={onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Stack>
  );
}

function Results({ results, onClose }: { readonly results: readonly BulkResult[]; readonly onClose: () => void }) {
  const refused = results.filter((result) => !result.ok);
  return (
    <Stack>
      <Text role="status">{texts.bulk.done(results.length - refused.length, refused.length)}</Text>
      {refused.length > 0 && (
        <Table.ScrollContainer
          minWidth={300}
          mah={320}
          type="native"
          tabIndex={0}
          role="region"
          aria-label={texts.bulk.reason}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.task.id}</Table.Th>
                <Table.Th>{texts.bulk.reason}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {refused.map(({ task_id, problem }) => (
                <Table.Tr key={task_id}>
                  <Table.Td ff="monospace">
                    <Link to="/tasks/$taskId" params={{ taskId: task_id }}>
                      {task_id.slice(-12)}
                    </Link>
                  </Table.Td>
                  <Table.Td>{problem.detail ?? problem.title}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {texts.close}
        </Button>
      </Group>
    </Stack>
  );
}
