import { Table, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { AbsoluteTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import type { HistoryEvent } from './timeline.js';

/** Of ours, not a person. */
const program = /^(worker:.*|reconciler)$/;

/** What happened and who caused it, newest first. */
export function EventList({ events }: { readonly events: readonly HistoryEvent[] }) {
  return (
    <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} aria-label={texts.task.tabs.events} role="region">
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {texts.events.columns.map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.toReversed().map(({ seq, type, timestamp, actor, message, error }) => (
            <Table.Tr key={seq}>
              <Table.Td c="dimmed">{seq}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <AbsoluteTime at={timestamp} />
              </Table.Td>
              <Table.Td fw={500}>{texts.events.types[type as keyof typeof texts.events.types] ?? type}</Table.Td>
              <Table.Td>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {[error?.code, message ?? error?.message].filter(Boolean).join(': ')}
                </Text>
              </Table.Td>
              <Table.Td ff="monospace" fz="xs">
                {program.test(actor) ? actor : <Who id={actor} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
