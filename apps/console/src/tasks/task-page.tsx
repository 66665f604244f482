import { Anchor, Group, Stack, Tabs, Text } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useSubject } from '../shell/window-title.js';
import { texts } from '../texts.js';
import { BackIcon } from '../ui/icons.js';
import { LiveBadge } from '../ui/live-badge.js';
import { Page } from '../ui/page.js';
import { Failed, Loading } from '../ui/states.js';
import { hasEnded } from './apply-event.js';
import { EventList } from './event-list.js';
import { LogView } from './log-view.js';
import { PayloadView } from './payload-view.js';
import { StatusBadge } from './status-badge.js';
import { TaskActions } from './task-actions.js';
import { useTaskInput } from './task-input.js';
import { TaskFacts } from './task-facts.js';
import { TaskOutcome } from './task-outcome.js';
import type { TaskTab } from './task-tabs.js';
import type { HistoryState, TaskHistory } from './task-history.js';
import type { Task } from './task-filter.js';
import { useTaskHistory } from './use-task-history.js';
import { useKindTitle } from './use-task-types.js';
import { Waterfall } from './waterfall.js';

/** One task: how it stands, what it did, what came of it. */
export function TaskPage() {
  const { taskId } = useParams({ from: '/shell/tasks/$taskId' });
  return <OneTask key={taskId} id={taskId} />;
}

function OneTask({ id }: { readonly id: string }) {
  const { history, state } = useTaskHistory(id);
  if (state.status === 'failed') return <Failed isPage error={state.error} retry={() => void history.start()} />;
  if (state.task === null) return <Loading />;
  return <Loaded task={state.task} history={history} state={state} />;
}

interface LoadedProps {
  readonly task: Task;
  readonly history: TaskHistory;
  readonly state: HistoryState;
}

function Loaded({ task, history, state }: LoadedProps) {
  const kindTitle = useKindTitle();
  useSubject(`${kindTitle(task.task_type)} ${task.task_id.slice(-12)}`);
  return (
    <>
      <Anchor
        component={Link}
        to="/tasks"
        size="sm"
        mb={4}
        display="inline-flex"
        style={{ alignItems: 'center', gap: 4 }}
      >
        <BackIcon size={14} />
        {texts.tasks.title}
      </Anchor>
      <Page
        title={kindTitle(task.task_type)}
        beside={
          <>
            <StatusBadge status={task.status} />
            {!hasEnded(task) && state.status === 'ready' && <LiveBadge state={state.live} />}
          </>
        }
        actions={<TaskActions task={task} onChanged={() => void history.start()} />}
      >
        <Stack gap="md">
          <TaskOutcome task={task} points={state.points} />
          <TaskFacts task={task} />
          <Waterfall events={state.events} />
          <Details task={task} state={state} />
        </Stack>
      </Page>
    </>
  );
}

function Details({ task, state }: { readonly task: Task; readonly state: HistoryState }) {
  const { tab = 'logs' } = useSearch({ from: '/shell/tasks/$taskId' });
  const navigate = useNavigate({ from: '/tasks/$taskId' });
  const names: Record<TaskTab, string> = texts.task.tabs;
  return (
    <Tabs
      value={tab}
      onChange={(next) => void navigate({ search: { tab: next as TaskTab }, replace: true, resetScroll: false })}
      keepMounted={false}
    >
      <Tabs.List mb="sm">
        {(Object.keys(names) as TaskTab[]).map((name) => (
          <Tabs.Tab key={name} value={name}>
            <Group gap={6}>
              {names[name]}
              {name === 'logs' && state.logs.length > 0 && ` (${state.logs.length})`}
              {name === 'events' && ` (${state.events.length})`}
            </Group>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="logs">
        <LogView taskId={task.task_id} logs={state.logs} isRunning={!hasEnded(task)} />
      </Tabs.Panel>
      <Tabs.Panel value="result">
        {task.result_payload === null ? (
          <Text c="dimmed">{hasEnded(task) ? texts.task.noResult : texts.task.noResultYet}</Text>
        ) : (
          <PayloadView value={task.result_payload} name={`${task.task_id}-result`} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="input">
        <InputView id={task.task_id} />
      </Tabs.Panel>
      <Tabs.Panel value="events">
        <EventList events={state.events} />
      </Tabs.Panel>
    </Tabs>
  );
}

/** What was submitted, as it could be submitted again. */
function InputView({ id }: { readonly id: string }) {
  const { data, error, refetch } = useTaskInput(id);
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return <PayloadView value={data} name={`${id}-input`} />;
}
