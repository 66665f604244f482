import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useUser } from '../session/use-session.js';
import { TaskFeed, type FeedState } from './task-feed.js';
import { taskQuery, type TaskQuery, type TaskSearch } from './task-filter.js';

/** The tasks of a filter as they change. */
export function useTaskFeed(search: TaskSearch): { feed: TaskFeed; state: FeedState } {
  const user = useUser();
  const query = JSON.stringify(taskQuery(search, user));
  const feed = useMemo(() => new TaskFeed(JSON.parse(query) as TaskQuery), [query]);
  const state = useSyncExternalStore(feed.subscribe, () => feed.state);
  useEffect(() => {
    void feed.start();
    return () => feed.stop();
  }, [feed]);
  return { feed, state };
}
