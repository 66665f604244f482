import { Table } from '@mantine/core';
import { useState } from 'react';
import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { AbsoluteTime } from '../ui/time.js';
import type { Measure } from './overview-search.js';
import classes from './throughput.module.css';
import { formatAbout, measured } from './totals.js';
import type { Overview } from './use-overview.js';

interface ThroughputNumbersProps {
  readonly overview: Overview;
  readonly measure: Measure;
}

/** Every number of the chart, newest first, for those who open it. */
export function ThroughputNumbers(props: ThroughputNumbersProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.numbers} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.throughput.numbers}</summary>
      {isOpen && <Numbers {...props} />}
    </details>
  );
}

function Numbers({ overview: { kinds }, measure }: ThroughputNumbersProps) {
  const kindTitle = useKindTitle();
  const times = (kinds[0]?.buckets ?? []).map(({ at }) => at);
  return (
    <Table.ScrollContainer
      minWidth={560}
      mah={320}
      mt="xs"
      type="native"
      tabIndex={0}
      role="region"
      aria-label={texts.throughput.numbers}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.throughput.time}</Table.Th>
            {kinds.map(({ task_type: type }) => (
              <Table.Th key={type} ta="right">
                {kindTitle(type)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {times
            .map((at, index) => (
              <Table.Tr key={at}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <AbsoluteTime at={at} />
                </Table.Td>
                {kinds.map(({ task_type: type, buckets }) => {
                  const bucket = buckets[index];
                  return (
                    <Table.Td key={type} ta="right">
                      {bucket && formatAbout(measured(measure, bucket), bucket.sampled)}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))
            .reverse()}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
