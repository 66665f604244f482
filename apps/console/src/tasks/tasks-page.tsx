import { useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { ButtonLink } from '../ui/button-link.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { PlusIcon } from '../ui/icons.js';
import { LiveBadge } from '../ui/live-badge.js';
import { Page } from '../ui/page.js';
import { Failed, Loading } from '../ui/states.js';
import { BulkBar } from './bulk-bar.js';
import { EmptyList } from './empty-list.js';
import { StatusTabs } from './status-tabs.js';
import { TaskFilters } from './task-filters.js';
import { TaskTable } from './task-table.js';
import { useTaskFeed } from './use-task-feed.js';

/** The list of tasks, as they change. */
export function TasksPage() {
  const search = useSearch({ from: '/shell/tasks' });
  const isAdmin = useUser().roles.includes('admin');
  const { feed, state } = useTaskFeed(search);
  const [selected, select] = useSelection(JSON.stringify(search));
  const more = useCallback(() => void feed.more(), [feed]);
  return (
    <Page
      title={texts.tasks.title}
      beside={<LiveBadge state={state.live} />}
      actions={
        <ButtonLink to="/tasks/new" leftSection={<PlusIcon size={16} />}>
          {texts.tasks.submit}
        </ButtonLink>
      }
    >
      <StatusTabs search={search} />
      <TaskFilters search={search} />
      {state.status === 'loading' && <Loading />}
      {state.status === 'failed' && <Failed error={state.error} retry={() => void feed.start()} />}
      {state.status === 'ready' && state.tasks.length === 0 && (
        <EmptyList search={search} state={state} onMore={more} />
      )}
      {state.status === 'ready' && state.tasks.length > 0 && (
        <TaskTable state={state} selected={isAdmin ? selected : null} onSelect={select} onMore={more} />
      )}
      {selected.size > 0 && (
        <BulkBar tasks={state.tasks} selected={selected} onSelect={select} onChanged={() => feed.refresh()} />
      )}
    </Page>
  );
}

const nothing: ReadonlySet<string> = new Set();

/** What is selected in a list; in another list nothing is. */
function useSelection(list: string): [ReadonlySet<string>, (ids: ReadonlySet<string>) => void] {
  const [selection, setSelection] = useState({ list, ids: nothing });
  const select = useCallback((ids: ReadonlySet<string>) => setSelection({ list, ids }), [list]);
  return [selection.list === list ? selection.ids : nothing, select];
}
