import { Alert, Group, Paper, Progress, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { formatCount, formatDuration } from '../ui/format.js';
import { RelativeTime, useNow } from '../ui/time.js';
import { remainingMs, type ProgressPoint } from './eta.js';
import type { Task } from './task-filter.js';
import { useIsPaused } from './use-task-types.js';

/** What there is to say first: how far it is, what it waits for, why it failed. */
export function TaskOutcome({ task, points }: { readonly task: Task; readonly points: readonly ProgressPoint[] }) {
  const { status, error } = task;
  return (
    <>
      {status === 'RUNNING' && <Running task={task} points={points} />}
      {status === 'PENDING' && <Waiting task={task} />}
      {error !== null && status !== 'SUCCESS' && (
        <Alert
          color={status === 'FAILED' ? 'red' : 'yellow'}
          title={status === 'FAILED' ? texts.task.failed(error.code) : texts.task.lastAttempt(error.code)}
        >
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {error.message}
          </Text>
          <Text size="sm" c="dimmed" mt={4}>
            {error.retryable ? texts.task.retryable : texts.task.notRetryable}
          </Text>
        </Alert>
      )}
    </>
  );
}

function Running({ task: { progress }, points }: { readonly task: Task; readonly points: readonly ProgressPoint[] }) {
  const left = remainingMs(points, useNow());
  const { percent, current, total, message } = progress;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb={8} gap="xs">
        <Text fw={600}>
          {Math.floor(percent)} %
          {current !== null && total !== null && ` · ${formatCount(current)} / ${formatCount(total)}`}
        </Text>
        <Text size="sm" c="dimmed">
          {left === null ? texts.task.noEta : texts.task.eta(formatDuration(Math.ceil(left / 1_000) * 1_000))}
        </Text>
      </Group>
      <Progress value={percent} size="lg" radius="xl" aria-label={texts.tasks.progress} />
      {message !== null && (
        <Text size="sm" c="dimmed" mt={8} style={{ overflowWrap: 'anywhere' }}>
          {message}
        </Text>
      )}
    </Paper>
  );
}

function Waiting({ task: { task_type: type, queue, run_at: runAt } }: { readonly task: Task }) {
  const isPaused = useIsPaused(type);
  const isAhead = Date.parse(runAt) > useNow();
  const waitsFor = isPaused ? texts.task.paused : texts.task.waits(queue?.position ?? null);
  return (
    <Paper withBorder p="md">
      <Text>
        {isAhead ? (
          <>
            {texts.task.startsAt} <RelativeTime at={runAt} />
          </>
        ) : (
          waitsFor
        )}
      </Text>
      {!isAhead && !isPaused && queue?.estimated_wait_seconds != null && (
        <Text size="sm" c="dimmed">
          {texts.task.estimatedWait(formatDuration(queue.estimated_wait_seconds * 1_000))}
        </Text>
      )}
    </Paper>
  );
}
