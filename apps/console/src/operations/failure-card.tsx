import { Badge, Group, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { StatusBadge } from '../tasks/status-badge.js';
import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { formatCount } from '../ui/format.js';
import { Loading } from '../ui/states.js';
import { TextLink } from '../ui/text-link.js';
import { RelativeTime } from '../ui/time.js';
import { FailureActions } from './failure-actions.js';
import classes from './failure-card.module.css';
import { useExamples, type Failure } from './use-failures.js';

/** Failed tasks with the same cause. */
export function FailureCard({ group }: { readonly group: Failure }) {
  const kindTitle = useKindTitle();
  const { code, message, count, first_seen, last_seen, canary } = group;
  return (
    <Paper withBorder p="md" role="listitem">
      <div className={classes.head}>
        <div>
          <Group gap="xs" mb={4}>
            <Title order={2} size="h5" ff="monospace">
              {code}
            </Title>
            <Badge variant="default" tt="none" radius="sm" fw={500}>
              {kindTitle(group.task_type)}
            </Badge>
            <Text size="sm" fw={600} className={classes.count}>
              {texts.failures.count(formatCount(count), count === 1)}
            </Text>
          </Group>
          <Text size="sm" lineClamp={3} className={classes.message}>
            {message}
          </Text>
          <Group gap="md" mt={8} fz="xs" c="dimmed">
            <span>
              {texts.failures.last} <RelativeTime at={last_seen} />
            </span>
            <span>
              {texts.failures.first} <RelativeTime at={first_seen} />
            </span>
            {canary !== null && (
              <Group gap={6} component="span">
                <TextLink to="/tasks/$taskId" params={{ taskId: canary.task_id }} size="xs">
                  {texts.failures.canary}
                </TextLink>
                <StatusBadge status={canary.status} />
              </Group>
            )}
          </Group>
        </div>
        <FailureActions group={group} />
      </div>
      <Examples fingerprint={group.fingerprint} />
    </Paper>
  );
}

/** Some of the tasks, for those who open it. */
function Examples({ fingerprint }: { readonly fingerprint: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.examples} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.failures.examples}</summary>
      {isOpen && <ExampleList fingerprint={fingerprint} />}
    </details>
  );
}

function ExampleList({ fingerprint }: { readonly fingerprint: string }) {
  const { data, error } = useExamples(fingerprint);
  if (data === undefined) return error === null ? <Loading /> : <Text size="sm">{texts.states.failed}</Text>;
  return (
    <ul className={classes.list}>
      {data.map(({ task_id: id, completed_at: at, error: reason }) => (
        <li key={id}>
          <TextLink to="/tasks/$taskId" params={{ taskId: id }} ff="monospace" size="xs">
            {id.slice(-12)}
          </TextLink>
          <Text size="xs" c="dimmed" component="span">
            {at !== null && <RelativeTime at={at} />}
          </Text>
          <Text size="xs" lineClamp={2} className={classes.message}>
            {reason?.message}
          </Text>
        </li>
      ))}
    </ul>
  );
}
