import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { texts } from '../texts.js';
import type { BulkResult } from './bulk.js';

/** Most lines; whoever changes more at once is told the rest as a number. */
const mostLines = 300;

interface BulkResultsProps {
  readonly results: readonly BulkResult[];
  readonly onClose: () => void;
}

/** What became of each task; those that were refused come first. */
export function BulkResults({ results, onClose }: BulkResultsProps) {
  const refused = results.filter(({ refusal }) => refusal !== null);
  const done = results.filter(({ refusal }) => refusal === null);
  const lines = [...refused, ...done].slice(0, mostLines);
  return (
    <Stack>
      <Text role="status">{texts.bulk.done(done.length, refused.length)}</Text>
      <Table.ScrollContainer
        minWidth={300}
        mah={320}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={texts.bulk.results}
      >
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.task.id}</Table.Th>
              <Table.Th>{texts.bulk.result}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map(({ taskId, refusal }) => (
              <Table.Tr key={taskId}>
                <Table.Td ff="monospace">
                  <Link to="/tasks/$taskId" params={{ taskId }}>
                    {taskId.slice(-12)}
                  </Link>
                </Table.Td>
                <Table.Td>{refusal ?? texts.bulk.isDone}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {lines.length < results.length && (
        <Text size="sm" c="dimmed">
          {texts.bulk.more(results.length - lines.length)}
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {texts.close}
        </Button>
      </Group>
    </Stack>
  );
}
