import { Alert, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { StackedTable, type Column } from '../ui/stacked-table.js';
import { TextLink } from '../ui/text-link.js';
import { Elapsed, RelativeTime } from '../ui/time.js';
import type { KindOverview, Worker } from './use-overview.js';
import classes from './worker-table.module.css';

/** Running tasks of one worker that are shown until somebody asks for all. */
const firstShown = 5;
const { columns: names } = texts.workers;

/** The worker processes, and what they do. */
export function WorkerTable({
  workers,
  kinds,
}: {
  readonly workers: readonly Worker[];
  readonly kinds: readonly KindOverview[];
}) {
  const kindTitle = useKindTitle();
  if (workers.length === 0) {
    return (
      <Alert color="red" title={texts.workers.none}>
        {texts.workers.noneText}
      </Alert>
    );
  }
  const runs = ({ task_types: types }: Worker) =>
    kinds.every(({ task_type }) => types.includes(task_type))
      ? texts.workers.allKinds
      : types.map((type) => kindTitle(type)).join(', ');
  const columns: readonly Column<Worker>[] = [
    { name: names.worker, show: (worker) => <Name worker={worker} /> },
    { name: names.kinds, show: runs, as: 'wide' },
    { name: names.tasks, show: ({ running }) => <RunningTasks tasks={running} />, as: 'wide' },
    { name: names.up, show: ({ started_at }) => <RelativeTime at={started_at} /> },
    { name: names.seen, show: ({ seen_at }) => <RelativeTime at={seen_at} /> },
  ];
  return (
    <StackedTable label={texts.workers.title} columns={columns} rows={workers} keyOf={({ worker_id }) => worker_id} />
  );
}

function Name({ worker: { host, worker_id: id } }: { readonly worker: Worker }) {
  return (
    <>
      {host}
      <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {id.startsWith(`${host}:`) ? id.slice(host.length + 1) : id}
      </Text>
    </>
  );
}

function RunningTasks({ tasks }: { readonly tasks: Worker['running'] }) {
  const kindTitle = useKindTitle();
  const [isAll, setAll] = useState(false);
  if (tasks.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {texts.workers.idle}
      </Text>
    );
  return (
    <>
      <ul className={classes.tasks}>
        {(isAll ? tasks : tasks.slice(0, firstShown)).map(({ task_id: id, task_type, attempt, started_at }) => (
          <li key={id}>
            <TextLink to="/tasks/$taskId" params={{ taskId: id }}>
              {kindTitle(task_type)} <span className={classes.id}>{id.slice(-12)}</span>
            </TextLink>
            <span className={classes.time}>
              {attempt > 1 && `${texts.workers.attempt(attempt)} · `}
              <Elapsed from={started_at} to={null} />
            </span>
          </li>
        ))}
      </ul>
      {tasks.length > firstShown && (
        <UnstyledButton fz="xs" c="dimmed" td="underline" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? texts.workers.less : texts.workers.more(tasks.length - firstShown)}
        </UnstyledButton>
      )}
    </>
  );
}
