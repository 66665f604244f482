import { Text } from '@mantine/core';
import { texts } from '../texts.js';
import { StackedTable, type Column } from '../ui/stacked-table.js';
import { RelativeTime } from '../ui/time.js';
import type { Breaker } from './use-overview.js';

const { columns: names, states, title, none } = texts.breakers;

const columns: readonly Column<Breaker>[] = [
  { name: names.host, show: ({ host }) => host },
  { name: names.state, show: ({ state }) => states[state] },
  { name: names.since, show: ({ since }) => <RelativeTime at={since} /> },
  {
    name: names.worker,
    show: ({ seen_by }) => (
      <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {seen_by}
      </Text>
    ),
  },
];

/** Hosts that workers leave alone. */
export function BreakerTable({ breakers }: { readonly breakers: readonly Breaker[] }) {
  if (breakers.length === 0) return <Text size="sm">{none}</Text>;
  return (
    <StackedTable
      label={title}
      columns={columns}
      rows={breakers}
      keyOf={({ host, seen_by }) => JSON.stringify([host, seen_by])}
    />
  );
}
