import { Text } from '@mantine/core';
import type { TaskStatus } from '../tasks/task-filter.js';
import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { formatCount, formatDuration } from '../ui/format.js';
import { StackedTable, type Column } from '../ui/stacked-table.js';
import { TextLink } from '../ui/text-link.js';
import { RelativeTime } from '../ui/time.js';
import classes from './kind-table.module.css';
import { PauseButton } from './pause-button.js';
import { formatSeconds, formatWaiting } from './standing.js';
import type { KindOverview } from './use-overview.js';

const { columns: names } = texts.kinds;

/** How each kind is doing, and whether its tasks start. */
export function KindTable({ kinds }: { readonly kinds: readonly KindOverview[] }) {
  const kindTitle = useKindTitle();
  const columns: readonly Column<KindOverview>[] = [
    { name: names.kind, show: (kind) => <Name kind={kind} title={kindTitle(kind.task_type)} /> },
    {
      name: names.waiting,
      show: (kind) => <Count kind={kind} status="PENDING" text={formatWaiting([kind])} />,
      as: 'number',
    },
    {
      name: names.running,
      show: (kind) => <Count kind={kind} status="RUNNING" text={formatCount(kind.running)} />,
      as: 'number',
    },
    { name: names.oldest, show: (kind) => formatSeconds(kind.oldest_pending_seconds), as: 'number' },
    { name: names.wait, show: (kind) => formatPercentiles(kind.wait_ms), as: 'number' },
    { name: names.run, show: (kind) => formatPercentiles(kind.run_ms), as: 'number' },
    { name: names.change, show: (kind) => <PauseButton kind={kind} title={kindTitle(kind.task_type)} />, as: 'action' },
  ];
  return <StackedTable label={texts.kinds.title} columns={columns} rows={kinds} keyOf={({ task_type }) => task_type} />;
}

function Name({ kind, title }: { readonly kind: KindOverview; readonly title: string }) {
  return (
    <>
      {title}
      {kind.paused && <Paused kind={kind} />}
    </>
  );
}

/** By whom, since when, and why. */
function Paused({ kind: { paused_by_name, paused_by, paused_at, paused_reason } }: { readonly kind: KindOverview }) {
  const who = paused_by_name ?? paused_by ?? texts.kinds.somebody;
  return (
    <Text size="xs" fw={400} style={{ overflowWrap: 'anywhere' }}>
      <span className={classes.paused}>{texts.kinds.paused}</span> {texts.kinds.pausedBy(who)}{' '}
      {paused_at !== undefined && <RelativeTime at={paused_at} />}
      {paused_reason !== undefined && (
        <Text component="span" size="xs" c="dimmed" display="block">
          {paused_reason}
        </Text>
      )}
    </Text>
  );
}

interface CountProps {
  readonly kind: KindOverview;
  readonly status: TaskStatus;
  readonly text: string;
}

/** Leads to these tasks. */
function Count({ kind: { task_type: type }, status, text }: CountProps) {
  const kindTitle = useKindTitle();
  return (
    <TextLink
      to="/tasks"
      search={{ type, status }}
      c="inherit"
      aria-label={texts.kinds.countOf(text, texts.tasks.status[status], kindTitle(type))}
    >
      {text}
    </TextLink>
  );
}

function formatPercentiles(durations: KindOverview['wait_ms']): string {
  return durations === null ? texts.none : `${formatDuration(durations.p50)} / ${formatDuration(durations.p95)}`;
}
